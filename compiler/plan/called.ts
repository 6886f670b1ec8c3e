import type { Reached } from './types.ts';

/** Kinds of objects, where people say it otherwise. */
const CALLED: Partial<Record<Reached['of'], string>> = {
  feature_view: 'feature view',
  model_feature: 'input',
  request_field: 'request field',
  train: 'training of',
  label: 'label of',
  online: 'API of',
  service: 'service',
  batch: 'batch scoring of',
  stream: 'stream of',
  consumer: 'consumer',
  log_index: 'log index',
  platform_alert: 'alert of the platform',
  page: 'dashboard of the platform',
};

export const called = ({ of, name }: Pick<Reached, 'of' | 'name'>): string => `${CALLED[of] ?? of} ${name}`;

/** The kind alone. */
export const calledKind = (of: Reached['of']): string => (CALLED[of] ?? of).replace(/ of$/, '');

/** In which order a change goes out: what others need comes first and leaves last. */
import type { ObjectKind } from '../tools/change-rule.ts';
import type { PlannedChange, Stage } from './types.ts';

/** Producers before consumers. */
const FLOW: readonly (readonly ObjectKind[])[] = [
  ['platform', 'owner', 'connection', 'environment', 'container'],
  ['entity', 'pipeline', 'step', 'table', 'column'],
  ['feature_view', 'feature', 'stream', 'consumer'],
  ['model', 'label', 'model_feature', 'request_field', 'train', 'batch'],
  ['alias', 'online', 'service'],
  ['alert', 'dashboard', 'log_index'],
];

export function orderOf(changes: readonly PlannedChange[]): Stage[] {
  const removed = changes.filter(({ kind }) => kind === 'removed');
  const others = changes.filter(({ kind }) => kind !== 'removed');
  return [
    { title: 'What is new or changes, producers first', addresses: along(FLOW, others) },
    { title: 'What goes, consumers first', addresses: along(FLOW.toReversed(), removed) },
  ].filter(({ addresses }) => addresses.length > 0);
}

const along = (flow: typeof FLOW, changes: readonly PlannedChange[]): string[] => [
  ...new Set(
    flow.flatMap((kinds) =>
      changes
        .filter(({ of }) => kinds.includes(of))
        .map(({ address }) => address)
        .sort(),
    ),
  ),
];

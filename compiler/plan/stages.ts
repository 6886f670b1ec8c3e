/** In which order a change goes out: what others need comes first and leaves last. */
import { byText } from '../diagnostics/diagnostic.ts';
import type { ObjectKind } from '../tools/change-rule.ts';
import { called } from './called.ts';
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
  const shown = changes.filter(({ class: each, follows }) => each !== 'metadata' && !follows);
  const removed = shown.filter(({ kind }) => kind === 'removed');
  const others = shown.filter(({ kind }) => kind !== 'removed');
  return [
    stage('what is new or changes, producers first', FLOW, others),
    stage('what goes, consumers first', FLOW.toReversed(), removed),
  ].filter(({ addresses }) => addresses.length > 0);
}

function stage(title: string, flow: typeof FLOW, changes: readonly PlannedChange[]): Stage {
  const sorted = flow.flatMap((kinds) =>
    changes.filter(({ of }) => kinds.includes(of)).sort((a, b) => byText(a.address, b.address)),
  );
  const once = [...new Map(sorted.map((each) => [each.address, each])).values()];
  return { title, addresses: once.map(({ address }) => address), names: once.map(called) };
}

/** What is worth knowing of a thing beside its name, in a few words; and its parts, as rows below a heading. */
import type {
  Addressed,
  Batch,
  Deprecation,
  Entity,
  FeatureView,
  Model,
  Online,
  Pipeline,
  Schedule,
  Step,
  Stream,
  Table,
} from '../ir/types.ts';
import type { Thing } from './lineage.ts';

type Of<T> = (object: T) => string[];

const FACTS: Partial<Record<Thing['kind'], Of<never>>> = {
  entity: (({ joinKey, type }) => [`join key ${joinKey} (${type})`]) as Of<Entity>,
  table: (({ timestamp }) => (timestamp === null ? [] : [`by the time in ${timestamp}`])) as Of<Table>,
  feature_view: (({ entities, ttlSeconds, freshnessSeconds, online }) => [
    `of ${entities.join(', ')}`,
    `valid for ${stretch(ttlSeconds)}`,
    ...(freshnessSeconds === null ? [] : [`at most ${stretch(freshnessSeconds)} old`]),
    online ? 'online' : 'offline alone',
  ]) as Of<FeatureView>,
  stream: (({ topic, partitions, retentionSeconds, cleanup }) => [
    ...[
      `topic ${topic}`,
      `${partitions} partitions`,
      cleanup === 'compact' ? 'compacted' : `kept ${stretch(retentionSeconds)}`,
    ],
  ]) as Of<Stream>,
  model: (({ task, label, train, aliases }) => [
    `${task} of ${label.table}.${label.column}`,
    `judged by ${train.metric}`,
    ...(aliases.length > 0 ? [`aliases ${aliases.map(({ alias }) => alias).join(', ')}`] : []),
  ]) as Of<Model>,
  online: (({ timeoutSeconds, objectives: { latencySeconds, availability } }) => [
    `answers within ${timeoutSeconds} s`,
    ...(latencySeconds === null ? [] : [`99 of 100 within ${latencySeconds} s`]),
    ...(availability === null ? [] : [`${availability * 100} % without failure`]),
  ]) as Of<Online>,
  batch: (({ windowSeconds, output }) => [`the newest ${stretch(windowSeconds)}`, `into ${output}`]) as Of<Batch>,
  pipeline: (({ schedule, start }) => [scheduled(schedule), `since ${start}`]) as Of<Pipeline>,
  step: (({ run, mode }) => [run.kind === 'function' ? `${run.file}:${run.function}` : run.uses, mode]) as Of<Step>,
};

export const factsOf = ({ kind }: Thing, object: Addressed): string[] => [
  ...goes((object as Partial<FeatureView>).deprecated),
  ...(FACTS[kind]?.(object as never) ?? []),
];

const goes = (deprecated: Deprecation | null | undefined): string[] =>
  deprecated
    ? [`goes after ${deprecated.until}${deprecated.use === null ? '' : `, use ${deprecated.use} instead`}`]
    : [];

export function partsOf({ kind }: Thing, object: Addressed): string[][] {
  if (kind === 'table')
    return rows(
      ['column', 'type'],
      (object as Table).columns.map(({ name, type }) => [name, type]),
    );
  if (kind === 'feature_view') {
    const { features } = object as FeatureView;
    const found = features.map(({ name, type, unit, description, deprecated }) => [
      name,
      type,
      unit ?? '',
      [description, ...goes(deprecated)].filter(Boolean).join(' '),
    ]);
    return rows(['feature', 'type', 'unit', ''], found);
  }
  if (kind === 'model') {
    const { inputs, request } = object as Model;
    const isAsked = new Set(request.map(({ name }) => name));
    return rows(
      ['input', 'type', ''],
      inputs.map(({ name, type }) => [name, type, isAsked.has(name) ? 'from the request' : 'from the feature store']),
    );
  }
  if (kind !== 'pipeline') return [];
  const steps = (object as Pipeline).steps.map(({ name, reads, writes }) => [
    name,
    reads.join(', '),
    writes.join(', '),
  ]);
  return rows(['step', 'reads', 'writes'], steps);
}

const rows = (head: string[], body: string[][]): string[][] => (body.length > 0 ? [head, ...body] : []);

function scheduled(schedule: Schedule): string {
  if (schedule.kind === 'cron') return `${schedule.cron} (${schedule.timezone})`;
  if (schedule.kind === 'manual') return 'started by hand';
  return `after ${schedule.anyOf.map((all) => all.map(({ name }) => name).join(' and ')).join(', or ')}`;
}

const UNITS: [string, number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
];

export function stretch(seconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => seconds >= each && seconds % each === 0) ?? ['s', 1];
  return `${seconds / size} ${unit}`;
}

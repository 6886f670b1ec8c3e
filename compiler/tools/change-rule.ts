/** What a rule of the plan is: it looks at one change of one object, and says what that means for what runs. */
import type { Plain } from '../diff/state.ts';
import type * as ir from '../ir/types.ts';

/** From harmless to harmful. `cannot tell` is a verdict of its own: a person has to look. */
export const CLASSES = [
  'metadata',
  'compatible',
  'backfill',
  'retrain',
  'recreate',
  'one-way',
  'cannot tell',
  'breaking',
] as const;
export type Class = (typeof CLASSES)[number];

/** The objects of an IR, by what their addresses say they are. */
export interface Objects {
  platform: ir.Platform;
  owner: ir.Owner;
  connection: ir.Connection;
  entity: ir.Entity;
  table: ir.Table;
  column: ir.Column;
  feature_view: ir.FeatureView;
  feature: ir.Feature;
  stream: ir.Stream;
  model: ir.Model;
  label: ir.Label;
  /** A feature as a model uses it. */
  model_feature: ir.ModelFeature;
  request_field: ir.RequestField;
  train: ir.Train;
  alias: ir.Alias;
  online: ir.Online;
  batch: ir.Batch;
  pipeline: ir.Pipeline;
  step: ir.Step;
  environment: ir.Environment;
  service: ir.ModelService;
  consumer: ir.StreamConsumer;
  container: ir.Container;
  alert: ir.OwnAlert;
  dashboard: ir.OwnDashboard;
  log_index: ir.LogIndex;
}
export type ObjectKind = keyof Objects;

/** One difference: of an object as a whole, or of one of its fields. */
export interface Seen<K extends ObjectKind = ObjectKind> {
  kind: 'added' | 'removed' | 'renamed' | 'changed';
  of: K;
  address: string;
  /** What people call it: `plane_delays.last_delay`. */
  name: string;
  /** Of a change: the path of the field, its keys joined by `/`. */
  field: string;
  from: Plain | undefined;
  to: Plain | undefined;
  /** Null where it is added, or removed. */
  before: Objects[K] | null;
  after: Objects[K] | null;
  /** Both sides whole; before is null where there was no platform yet. */
  base: ir.Ir | null;
  head: ir.Ir;
  /** The day of the plan, as YYYY-MM-DD. */
  today: string;
}

/** A change of a field; both objects are there. */
export type Pair<K extends ObjectKind> = Seen<K> & { before: Objects[K]; after: Objects[K] };

export interface Verdict {
  /** Why, in one sentence. */
  sentence: string;
  /** Default: the rule's. */
  whatToDo?: string;
  certainty?: Certainty;
}

/** `possible`: it depends on what no spec says, such as the values that a function computes. */
export type Certainty = 'certain' | 'likely' | 'possible';

export interface ChangeRule {
  code: string;
  class: Class;
  /** What it finds, without a full stop. */
  title: string;
  /** Why it matters. */
  why: string;
  whatToDo: string;
  of: readonly ObjectKind[];
  on: readonly Seen['kind'][];
  /** Of `changed`: paths of fields, each with all that lies below it. */
  fields: readonly string[];
  /** Whether what it finds only follows from other changes, which are shown. */
  follows?: true;
  /** Whether it only follows where the field names what was renamed: the rename says what that means. */
  byName?: true;
  /** Null where the rule does not speak of this change. */
  judge(seen: Seen): Verdict | null;
}

type Words = Pick<ChangeRule, 'code' | 'class' | 'title' | 'why' | 'whatToDo' | 'follows' | 'byName'>;
type Said = Verdict | string | null;

const verdict = (said: Said): Verdict | null => (typeof said === 'string' ? { sentence: said } : said);

const several = <T>(one: T | readonly T[]): readonly T[] => (Array.isArray(one) ? one : [one as T]);

/** A rule over fields of an object. */
export const onField = <K extends ObjectKind>(
  of: K | readonly K[],
  fields: string | readonly string[],
  words: Words,
  judge: (pair: Pair<K>) => Said,
): ChangeRule => ({
  ...words,
  of: several(of),
  on: ['changed'],
  fields: several(fields),
  judge: (seen) => verdict(judge(seen as unknown as Pair<K>)),
});

type Added<K extends ObjectKind> = Seen<K> & { after: Objects[K] };
type Gone<K extends ObjectKind> = Seen<K> & { before: Objects[K]; base: ir.Ir };

/** A rule over objects as a whole. */
const whole =
  <On extends readonly Seen['kind'][]>(...on: On) =>
  <K extends ObjectKind>(
    of: K | readonly K[],
    words: Words,
    judge: (seen: On extends readonly ['added'] ? Added<K> : Gone<K>) => Said,
  ): ChangeRule => ({
    ...words,
    of: several(of),
    on,
    fields: [],
    judge: (seen) => verdict(judge(seen as never)),
  });

export const onAdded = whole('added');
export const onRemoved = whole('removed');
/** The same object under another name; `from` and `to` are the names. */
export const onRenamed = whole('renamed');
/** What is no longer found under its name. */
export const onGone = whole('removed', 'renamed');

/** As a sentence has it; a text without quotation marks. */
export function shown(value: Plain | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return value.replace('\0', '');
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join(', ');
  return JSON.stringify(value);
}

const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const;

/** Seconds as people say them: `36 h`, `7 d`. */
export function time(seconds: Plain | undefined): string {
  if (typeof seconds !== 'number') return shown(seconds);
  const [size, unit] = UNITS.find(([each]) => seconds >= each && seconds % each === 0) ?? [1, 's'];
  return `${seconds / size} ${unit}`;
}

/** `b instead of a` */
export const swap = (from: Plain | undefined, to: Plain | undefined): string =>
  `${shown(to)} instead of ${shown(from)}`;
export const timeSwap = (from: Plain | undefined, to: Plain | undefined): string =>
  `${time(to)} instead of ${time(from)}`;

export const listed = (names: readonly string[]): string => {
  const all = [...new Set(names)];
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
};

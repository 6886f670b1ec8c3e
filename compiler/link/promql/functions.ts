/**
 * Signatures of PromQL's functions and aggregations, as Prometheus' reference states them
 * (https://prometheus.io/docs/prometheus/latest/querying/functions/). Only those that every Prometheus of our
 * environments knows: rules are the same files everywhere.
 */

export type ValueType = 'scalar' | 'instant vector' | 'range vector' | 'string';

export interface Signature {
  /** Of the arguments that must be there. */
  takes: readonly ValueType[];
  /** Of those that may follow. */
  may: readonly ValueType[];
  /** The last optional type may come any number of times. */
  isOpen: boolean;
  gives: ValueType;
}

const S = 'scalar';
const V = 'instant vector';
const M = 'range vector';
const T = 'string';

const gives = (gives: ValueType, ...takes: ValueType[]): Signature => ({ takes, may: [], isOpen: false, gives });
const withOptional = (signature: Signature, ...may: ValueType[]): Signature => ({ ...signature, may });

const group = (names: string, signature: Signature): [string, Signature][] =>
  names.split(' ').map((name) => [name, signature]);

/** Of one vector, element by element. */
const ELEMENTWISE =
  'abs acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log10 log2 rad sgn sin sinh sqrt tan tanh';
const OF_TIME = 'days_in_month day_of_month day_of_week day_of_year hour minute month year';
const OVER_TIME =
  'absent_over_time avg_over_time count_over_time last_over_time max_over_time min_over_time present_over_time ' +
  'stddev_over_time stdvar_over_time sum_over_time';
const OF_RANGE = 'changes delta deriv idelta increase irate rate resets';

export const functions: ReadonlyMap<string, Signature> = new Map([
  ...group(`${ELEMENTWISE} absent histogram_count histogram_sum sort sort_desc timestamp`, gives(V, V)),
  ...group(OF_TIME, withOptional(gives(V), V)),
  ...group(`${OVER_TIME} ${OF_RANGE}`, gives(V, M)),
  ...group('clamp', gives(V, V, S, S)),
  ...group('clamp_max clamp_min', gives(V, V, S)),
  ...group('histogram_fraction', gives(V, S, S, V)),
  ...group('histogram_quantile', gives(V, S, V)),
  ...group('label_join', { ...withOptional(gives(V, V, T, T), T), isOpen: true }),
  ...group('label_replace', gives(V, V, T, T, T, T)),
  ...group('predict_linear', gives(V, M, S)),
  ...group('quantile_over_time', gives(V, S, M)),
  ...group('round', withOptional(gives(V, V), S)),
  ...group('scalar', gives(S, V)),
  ...group('vector', gives(V, S)),
  ...group('pi time', gives(S)),
]);

/** Of what an aggregation is told before its vector; nothing for most. */
export const aggregations: ReadonlyMap<string, ValueType | null> = new Map<string, ValueType | null>([
  ...['sum', 'avg', 'count', 'min', 'max', 'group', 'stddev', 'stdvar'].map((name) => [name, null] as const),
  ['topk', S],
  ['bottomk', S],
  ['quantile', S],
  ['count_values', T],
]);

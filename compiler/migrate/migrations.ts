/**
 * What the spec language once said otherwise. Keys that were moved or went need no new format; where the same key means
 * something else, `FORMAT` goes up, and the migration to it is about specs of older formats alone.
 */
import type { ParsedSpec } from '../source/parsed-spec.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { moved, without } from './pairs.ts';

/** The format that this compiler reads. */
export const FORMAT = 1;

export interface Migration {
  kind: Kind;
  /** What is different now, as people are told. */
  says: string;
  /** The spec's text lifted by one step; null where there is nothing to lift. */
  lift(spec: ParsedSpec): string | null;
}

export const migrations: readonly Migration[] = [
  {
    kind: 'Model',
    says: '`serving.online.missing_features` is `serving.missing_features`, because training obeys it, too',
    lift: (spec) => moved(spec, ['serving', 'online', 'missing_features'], ['serving']),
  },
  ...['statsd', 'statsd_exporter'].map(
    (port): Migration => ({
      kind: 'Platform',
      says: `\`ports.${port}\` of an environment is gone: Airflow is asked by its REST API`,
      lift: (spec) =>
        firstOf(environments(spec).map((name) => () => without(spec, ['environments', name, 'ports', port]))),
    }),
  ),
  {
    kind: 'Platform',
    says: `the format is ${FORMAT}`,
    lift: (spec) => {
      const stated = formatOf(spec);
      return typeof stated === 'number' && stated < FORMAT
        ? spec.text.replace(/^(format:[ \t]*)\d+/m, `$1${FORMAT}`)
        : null;
    },
  },
];

export const formatOf = (spec: ParsedSpec): unknown => (spec.value as { format?: unknown } | null)?.format;

const environments = (spec: ParsedSpec): string[] => {
  const all = (spec.value as { environments?: unknown } | null)?.environments;
  return typeof all === 'object' && all !== null ? Object.keys(all) : [];
};

function firstOf(tries: (() => string | null)[]): string | null {
  for (const each of tries) {
    const text = each();
    if (text !== null) return text;
  }
  return null;
}

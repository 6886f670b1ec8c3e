/** Recording and alert rules as objects by address, compiled and loaded. */
import type { Configuration, Entry } from './configuration-state.ts';
import { seconds } from './duration.ts';

export interface RuleFile {
  groups: {
    name: string;
    interval?: string;
    rules: {
      alert?: string;
      record?: string;
      expr: string;
      for?: string;
      keep_firing_for?: string;
      labels?: Record<string, string>;
      annotations?: Record<string, string>;
    }[];
  }[];
}

/** As `/api/v1/rules` has them; durations in seconds. */
interface Loaded {
  groups: {
    name: string;
    interval: number;
    rules: {
      name: string;
      query: string;
      duration?: number;
      keepFiringFor?: number;
      labels?: Record<string, string>;
      annotations?: Record<string, string>;
    }[];
  }[];
}

/** Gives an expression in Prometheus' own spelling: what it tells of a loaded rule has lost ours. */
type Format = (expression: string) => Promise<string>;

interface Rule {
  group: string;
  name: string;
  expression: string;
  /** Seconds, as the next two. */
  for: number;
  keepFiringFor: number;
  interval: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export function compiledRules(files: readonly RuleFile[], { global }: Configuration, format: Format): Promise<Entry[]> {
  const rules = files
    .flatMap(({ groups }) => groups)
    .flatMap((group) =>
      group.rules.map((rule) => ({
        group: group.name,
        name: rule.alert ?? rule.record ?? '',
        expression: rule.expr,
        for: seconds(rule.for ?? '0s'),
        keepFiringFor: seconds(rule.keep_firing_for ?? '0s'),
        interval: seconds(group.interval ?? global.evaluation_interval ?? '1m'),
        labels: rule.labels ?? {},
        annotations: rule.annotations ?? {},
      })),
    );
  return entries(rules, format);
}

export function loadedRules({ groups }: Loaded, format: Format): Promise<Entry[]> {
  const rules = groups.flatMap(({ name: group, interval, rules }) =>
    rules.map((rule) => ({
      group,
      name: rule.name,
      expression: rule.query,
      for: rule.duration ?? 0,
      keepFiringFor: rule.keepFiringFor ?? 0,
      interval,
      labels: rule.labels ?? {},
      annotations: rule.annotations ?? {},
    })),
  );
  return entries(rules, format);
}

async function entries(rules: readonly Rule[], format: Format): Promise<Entry[]> {
  const formatted = new Map<string, string>();
  for (const expression of new Set(rules.map((rule) => rule.expression)))
    formatted.set(expression, await format(expression));
  return rules.map(({ group, name, expression, ...rest }) => [
    `prometheus/rule/${group}/${name}${identity(rest.labels)}`,
    { ...rest, expression: formatted.get(expression) ?? expression },
  ]);
}

/** A group may hold one alert per feature: what its labels say of it belongs to its name, whom it reaches does not. */
function identity(labels: Record<string, string>): string {
  const names = Object.keys(labels).filter((name) => name !== 'owner' && name !== 'severity');
  return names.length === 0 ? '' : `{${names.sort().map((name) => `${name}=${JSON.stringify(labels[name])}`)}}`;
}

/** What an expression of Prometheus reads of the platform, by address: features, inputs, views, models, pipelines. */
import { address } from '../ir/address.ts';
import { type MetricFamily, monitor, serving, stream } from '../ir/metrics.ts';
import type { Ir } from '../ir/types.ts';
import { fullMatch } from '../link/promql/literals.ts';
import { type Matcher, readExpression, type Selector } from '../link/promql/read.ts';

/** Labels by which a series tells what it is about. */
type Told = Partial<Record<(typeof TELLING)[number], string>>;
const TELLING = ['model', 'view', 'feature', 'input', 'pipeline'] as const;

interface Subject {
  told: Told;
  /** Jobs that say nothing of it: a view without a stream has no consumer, a model without an API no server. */
  lacks: readonly Job[];
  address: string;
}

/** Of a histogram, its series. */
const SUFFIX = /_(bucket|count|sum)$/;

type Job = 'serving' | 'stream' | 'monitor';

const FAMILIES: ReadonlyMap<string, { labels: readonly string[]; job: Job }> = new Map(
  Object.entries({ serving, stream, monitor }).flatMap(([job, group]) =>
    Object.values(group).map(({ name, labels }: MetricFamily) => [name, { labels, job: job as Job }] as const),
  ),
);

/** Addresses in the order of the IR; an expression that cannot be read, reads nothing. */
export function readerOf(ir: Ir): (expr: string) => string[] {
  const index = indexOf(subjectsOf(ir));
  const known = new Map<string, string[]>();
  return (expr) => {
    const found = known.get(expr) ?? [
      ...new Set(readExpression(expr, { forGrafana: true }).selectors.flatMap((each) => ofSelector(each, index))),
    ];
    known.set(expr, found);
    return found;
  };
}

/** By the labels alone, and by these and the value of one of them. */
type Index = ReadonlyMap<string, readonly Subject[]>;

function indexOf(all: readonly Subject[]): Index {
  const index = new Map<string, Subject[]>();
  for (const each of all) {
    const shape = shapeOf(each.told);
    for (const key of [shape, ...Object.entries(each.told).map(([label, value]) => `${shape} ${label}=${value}`)]) {
      const same = index.get(key);
      if (same) same.push(each);
      else index.set(key, [each]);
    }
  }
  return index;
}

function ofSelector({ metric, matchers }: Selector, index: Index): string[] {
  const family = FAMILIES.get(metric) ?? FAMILIES.get(metric.replace(SUFFIX, ''));
  const { labels = [], job = 'monitor' } = family ?? {};
  const told = TELLING.filter((each) => labels.includes(each) || matchers.some(({ label }) => label.text === each));
  if (told.length === 0) return [];
  const shape = told.join();
  const own = matchers.filter(({ label }) => told.some((each) => each === label.text));
  const [equal] = own.filter(({ operator }) => operator === '=');
  const near = index.get(equal ? `${shape} ${equal.label.text}=${equal.value.text}` : shape) ?? [];
  const tests = own.map(testOf);
  return near
    .filter(({ told: each, lacks }) => !lacks.includes(job) && tests.every((fits) => fits(each)))
    .map((each) => each.address);
}

const shapeOf = (told: Told): string => TELLING.filter((each) => each in told).join();

function testOf({ label, operator, value }: Matcher): (told: Told) => boolean {
  const name = label.text as keyof Told;
  const matches = operator.endsWith('~')
    ? (fullMatch(value.text) ?? (() => true))
    : (text: string) => text === value.text;
  return (told) => matches(told[name] ?? '') !== operator.startsWith('!');
}

/** Everything that a series can be about, by the labels that it has then. */
function subjectsOf(ir: Ir): Subject[] {
  const of = (lacks: readonly Job[], ...all: readonly (readonly [Told, string])[]): Subject[] =>
    all.map(([told, own]) => ({ told, address: own, lacks }));
  return [
    ...ir.featureViews.flatMap(({ name: view, address: own, features, stream: streamed }) =>
      of(
        streamed ? [] : ['stream'],
        [{ view }, own],
        ...features.map((each) => [{ view, feature: each.name }, each.address] as const),
      ),
    ),
    ...ir.models.flatMap(({ name: model, address: own, features, request, online }) =>
      of(
        online ? [] : ['serving'],
        [{ model }, own],
        ...features.map(({ input, address: each }) => [{ model, input }, each] as const),
        ...features.map(({ view, address: each }) => [{ model, view }, each] as const),
        ...request.map((field) => [{ model, input: field.name }, field.address] as const),
      ),
    ),
    ...ir.pipelines.flatMap(({ name: pipeline }) => of([], [{ pipeline }, address.pipeline(pipeline)])),
  ];
}

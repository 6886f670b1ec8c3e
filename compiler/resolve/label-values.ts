/** What labels of metrics can be, as `metrics.json` says of each: names that specs declare, or values of its own. */
import { labelValues } from '../ir/metrics.ts';
import { METRICS } from '../ir/model-metrics.ts';
import { starterDags } from '../ir/starter-dags.ts';
import { referencesOf } from '../link/declared.ts';
import { fullMatch } from '../link/promql/literals.ts';
import { metricsOf } from '../link/promql/metrics.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import type { ResolvedGraph } from './resolve.ts';

export interface Known {
  /** For a sentence: `feature view`. */
  what: string;
  names: ReadonlySet<string>;
}

/** Null where it can be anything, or is not known. */
export type KnownValues = (label: string, job: string | null) => Known | null;

export function knownValues(graph: ResolvedGraph): KnownValues {
  const declared = declaredNames(graph);
  return (label, job) => {
    const { names, values, like } = labelValues(label, job);
    if (values) return { what: label, names: new Set(values) };
    if (like !== undefined) return { what: label, names: new Set(NUMBERS.filter(fullMatch(like) ?? (() => false))) };
    if (names === undefined) return null;
    const found = declared[names];
    if (!found) throw new Error(`metrics.json: nobody declares names of a ${names}`);
    return found.kinds.some((kind) => graph.brokenKinds.has(kind)) ? null : { what: names, names: found.names() };
  };
}

/** Of which those are known that a form takes: states of HTTP, and more partitions than a topic has. */
const NUMBERS = Array.from({ length: 1000 }, (_, number) => String(number));

/** `kinds`: where one of them has errors of its own, what it declares is not known. */
type Names = Record<string, { names(): ReadonlySet<string>; kinds: readonly Kind[] }>;

function declaredNames(graph: ResolvedGraph): Names {
  const { models, views, resolved, platform } = graph;
  const dags = [...resolved].flatMap(([name, { pipeline }]) => [name, ...starterDags(pipeline).map(({ dag }) => dag)]);
  const ofModels = [...models.values()];
  const ofViews = [...views.values()];
  const services = Object.values(platform.value.environments).flatMap((each) => Object.keys(each.services ?? {}));
  return {
    model: { kinds: ['Model'], names: () => new Set(models.keys()) },
    'served model': {
      kinds: ['Model'],
      names: () => new Set(ofModels.filter(({ value }) => value.serving?.online).map(({ name }) => name)),
    },
    'feature view': { kinds: ['FeatureView'], names: () => new Set(views.keys()) },
    'streamed view': {
      kinds: ['FeatureView'],
      names: () => new Set(ofViews.filter(({ value }) => value.stream).map(({ name }) => name)),
    },
    feature: {
      kinds: ['FeatureView'],
      names: () => new Set(ofViews.flatMap(({ value }) => Object.keys(value.features))),
    },
    input: {
      kinds: ['Model', 'FeatureView'],
      names: () => new Set(ofModels.flatMap((model) => inputsOf(model, graph))),
    },
    metric: { kinds: ['Model'], names: () => new Set<string>(ofModels.flatMap(({ value }) => METRICS[value.task])) },
    pipeline: { kinds: ['Pipeline', 'Model'], names: () => new Set(dags) },
    job: {
      kinds: [],
      names: () => new Set([...metricsOf(graph).jobs, ...services.map((name) => `service-${name}`)]),
    },
  };
}

/** As the model's signature names them. */
function inputsOf(model: Parameters<typeof referencesOf>[0], { views }: ResolvedGraph): string[] {
  const features = referencesOf(model).flatMap(({ view, feature }) => {
    const names = feature === '*' ? Object.keys(views.get(view)?.value.features ?? {}) : [feature];
    return names.map((name) => `${view}__${name}`);
  });
  return [...features, ...Object.keys(model.value.request ?? {})];
}

/** What is watched of a model once it serves. */
import { byText } from '../diagnostics/diagnostic.ts';
import type { Metric, Model, Monitoring } from '../ir/types.ts';
import type { Declared } from '../link/declared.ts';
import { keptDays } from '../resolve/prediction-log.ts';
import { sortedEntries } from '../resolve/sorted.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { megabytes, seconds } from '../spec-schema/units.ts';

/** Every model is watched. */
export function monitoringOf(model: Declared<'Model'>, inputs: Pick<Model, 'features' | 'request'>): Monitoring {
  const { drift: silent, quality, log } = defaults.Model.monitoring;
  const stated = model.value.monitoring;
  const { psi, window: compared, min_samples: compares, ignore = [] } = { ...silent, ...stated?.drift };
  const { max_size } = { ...log, ...stated?.log };
  const { window, min_samples, ...limits } = { ...quality, ...stated?.quality };
  return {
    drift: {
      psi,
      windowSeconds: seconds(compared),
      minSamples: compares,
      ignore: [...new Set([...ignore.flatMap((reference) => inputsNamed(reference, inputs)), ...masked(inputs)])].sort(
        byText,
      ),
    },
    quality: {
      windowSeconds: seconds(window),
      minSamples: min_samples,
      limits: sortedEntries(limits).map(([metric, { min, max }]) => ({
        metric: metric as Metric,
        min: min ?? null,
        max: max ?? null,
      })),
    },
    log: { keepDays: keptDays(model), maxMegabytes: megabytes(max_size) },
  };
}

/** Inputs that the prediction log masks; they cannot be compared. */
const masked = ({ features, request }: Pick<Model, 'features' | 'request'>): string[] => [
  ...features.filter(({ mask }) => mask !== null).map(({ input }) => input),
  ...request.filter(({ mask }) => mask !== null).map(({ name }) => name),
];

/** The inputs that `view.feature`, `view.*` or a field of the request stands for. */
function inputsNamed(reference: string, { features, request }: Pick<Model, 'features' | 'request'>): string[] {
  const [view, feature] = reference.split('.');
  if (feature === undefined) return request.filter(({ name }) => name === reference).map(({ name }) => name);
  return features
    .filter((each) => each.view === view && (feature === '*' || each.feature === feature))
    .map(({ input }) => input);
}

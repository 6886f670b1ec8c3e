import type { Place } from '../diagnostics/diagnostic.ts';
import type { Step } from '../ir/types.ts';
import { type Declared, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { seconds } from '../spec-schema/units.ts';
import type { StepSpec } from './steps.ts';

const SILENT = defaults.Platform.defaults;
const LONGEST = seconds(SILENT.timeout);

/** How often and how long a step is tried. */
export type Attempts = Pick<Step, 'retries' | 'retryDelaySeconds' | 'timeoutSeconds'>;

export type Stated = { [Field in 'retries' | 'retry_delay' | 'timeout']?: StepSpec[Field] | undefined };

/** A timeout that nobody states is the usual one, or as long as all attempts fit between two runs. */
export function attemptsOf({ platform }: Pick<Graph, 'platform'>, step: Stated, interval: number | null): Attempts {
  const own = platform.value.defaults ?? {};
  const retries = step.retries ?? own.retries ?? SILENT.retries;
  const retryDelay = seconds(step.retry_delay ?? own.retry_delay ?? SILENT.retry_delay);
  const stated = step.timeout ?? own.timeout;
  const room = interval === null ? LONGEST : Math.floor((interval - retries * retryDelay) / (retries + 1) / 60) * 60;
  return {
    retries,
    retryDelaySeconds: retryDelay,
    timeoutSeconds: stated === undefined ? Math.max(60, Math.min(LONGEST, room)) : seconds(stated),
  };
}

/** Longest time from a step's start to its end, all its attempts failing but the last, in seconds. */
export const worstCase = ({ retries, retryDelaySeconds, timeoutSeconds }: Attempts): number =>
  (retries + 1) * timeoutSeconds + retries * retryDelaySeconds;

/** Where a step's value is stated, in the step or in the defaults; null where it is not. */
export function placeOfSetting(
  graph: Graph,
  pipeline: Declared<'Pipeline'>,
  step: string,
  field: 'timeout' | 'retries' | 'retry_delay',
): Place | null {
  if (pipeline.value.steps[step]?.[field] !== undefined) return valueAt(pipeline, 'steps', step, field);
  return graph.platform.value.defaults?.[field] === undefined ? null : valueAt(graph.platform, 'defaults', field);
}

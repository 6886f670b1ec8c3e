/**
 * Service level objectives of an online API as multi-window burn rates: the budget's share that is being used up, times
 * so much, over a long window and a short one, so that an alert comes early and goes soon after the cause has gone.
 * Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs".
 */
import { serving } from '../../ir/metrics.ts';
import type { Model, Objectives } from '../../ir/types.ts';
import { promqlDuration as duration, promqlSelector } from '../../render/promql.ts';

export interface Burn {
  /** Ending of the alert's name. */
  pace: 'Fast' | '' | 'Slow';
  factor: number;
  long: number;
  short: number;
  severity: 'page' | 'ticket';
  /** How long it must hold. */
  forSeconds: number;
}

const HOUR = 3600;
const MONTH = 720 * HOUR;
/** For a budget of thirty days. */
const BURNS: readonly Burn[] = [
  { pace: 'Fast', factor: 14.4, long: HOUR, short: 300, severity: 'page', forSeconds: 120 },
  { pace: '', factor: 6, long: 6 * HOUR, short: 1800, severity: 'page', forSeconds: 120 },
  { pace: 'Slow', factor: 1, long: 72 * HOUR, short: 6 * HOUR, severity: 'ticket', forSeconds: 900 },
];
/** A budget for a shorter time is used up sooner at the same pace. What cannot be exceeded is no alert. */
export function burnsOf({ online }: Model, { budget }: Objective): Burn[] {
  const share = (online?.objectives.windowSeconds ?? MONTH) / MONTH;
  return BURNS.map((burn) => ({ ...burn, factor: Number((burn.factor * share).toPrecision(6)) })).filter(
    ({ factor }) => factor * budget < 1,
  );
}

export const WINDOWS = [...new Set(BURNS.flatMap(({ long, short }) => [long, short]))].sort((a, b) => a - b);

export interface Objective {
  kind: 'errors' | 'slow';
  /** Share of requests that may fail it. */
  budget: number;
  /** Share of requests that failed it, over a window of so many seconds. */
  ratio(model: string, window: number): string;
  title: string;
  meaning: string;
}

/** 99 of 100 requests within the target. */
export const LATENCY_BUDGET = 0.01;

export const objectivesOf = ({ online }: Model): Objective[] =>
  online === null ? [] : [...available(online.objectives), ...fast(online.objectives)];

function available({ availability }: Objectives): Objective[] {
  if (availability === null || availability >= 1) return [];
  return [
    {
      kind: 'errors',
      budget: Number((1 - availability).toPrecision(12)),
      ratio: (model, window) => {
        const asked = over(serving.requests.name, { model }, window);
        const failed = asked.replace('}', ',status=~"5.."}');
        // Before the first failure there is no such series, and no failure is a share of nothing, not an unknown one.
        return `(sum(rate(${failed})) or vector(0)) / sum(rate(${asked}))`;
      },
      title: 'Availability',
      meaning: `more than ${percent(1 - availability)} of the requests end in a server error`,
    },
  ];
}

function fast({ latencySeconds }: Objectives): Objective[] {
  if (latencySeconds === null) return [];
  const [name, le] = [serving.duration.name, boundary(latencySeconds)];
  return [
    {
      kind: 'slow',
      budget: LATENCY_BUDGET,
      ratio: (model, window) => {
        const within = over(`${name}_bucket`, { model, le }, window);
        return `1 - sum(rate(${within})) / sum(rate(${over(`${name}_count`, { model }, window)}))`;
      },
      title: 'Latency',
      meaning: `more than ${percent(LATENCY_BUDGET)} of the requests take longer than ${latencySeconds * 1000} ms`,
    },
  ];
}

export const recorded = ({ kind }: Objective, window: number): string =>
  `model:mlops_serving_${kind}:ratio_rate${duration(window)}`;

/** As Python's client writes a bucket's boundary: always with a decimal point. */
export const boundary = (seconds: number): string => (Number.isInteger(seconds) ? `${seconds}.0` : String(seconds));

const percent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;

const over = (metric: string, labels: Record<string, string>, seconds: number): string =>
  `${promqlSelector(metric, labels)}[${duration(seconds)}]`;

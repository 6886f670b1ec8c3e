/**
 * Service level objectives of an online API as multi-window burn rates: the budget's share that is being used up, times
 * so much, over a long window and a short one, so that an alert comes early and goes soon after the cause has gone.
 * Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs".
 */
import { serving } from '../../ir/metrics.ts';
import type { Model, Objectives } from '../../ir/types.ts';
import type { Matchers } from '../../render/promql.ts';
import { duration, over, percent, selector } from '../rule.ts';

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
/** For a budget of thirty days: 2 % of it in an hour, 5 % in six, a tenth in three days. */
const BURNS: readonly Burn[] = [
  { pace: 'Fast', factor: 14.4, long: HOUR, short: 300, severity: 'page', forSeconds: 120 },
  { pace: '', factor: 6, long: 6 * HOUR, short: 1800, severity: 'page', forSeconds: 120 },
  { pace: 'Slow', factor: 1, long: 72 * HOUR, short: 6 * HOUR, severity: 'ticket', forSeconds: 900 },
];
const STEP = 300;

/**
 * For a budget of another time the windows are as much longer or shorter, so that each alert stands for the same share
 * of it. The factors stay: below 1, what the objective permits would be an alert. What cannot be exceeded is none.
 */
export function burnsOf(model: Model, { budget }: Objective): Burn[] {
  const share = (model.online?.objectives.windowSeconds ?? MONTH) / MONTH;
  const scaled = (seconds: number): number => Math.max(STEP, Math.round((seconds * share) / STEP) * STEP);
  return BURNS.filter(({ factor }) => factor * budget < 1).map((burn) => ({
    ...burn,
    long: scaled(burn.long),
    short: scaled(burn.short),
  }));
}

/** The windows of an objective's alerts, the shortest first. */
export const windowsOf = (model: Model, objective: Objective): number[] =>
  [...new Set(burnsOf(model, objective).flatMap(({ long, short }) => [long, short]))].sort((a, b) => a - b);

export interface Objective {
  kind: 'errors' | 'slow';
  /** Share of requests that may fail it. */
  budget: number;
  /** Share of requests that failed it, and their number, over a window of so many seconds. */
  ratio(model: string, window: number): string;
  failed(model: string, window: number): string;
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
      ratio: (model, window) => failingShare(model, `[${duration(window)}]`),
      failed: (model, window) => `sum(${given('increase', model, `[${duration(window)}]`, FAILED)})`,
      title: 'Availability',
      meaning: `more than ${percent(1 - availability)} of the requests end in a server error`,
    },
  ];
}

const FAILED: Matchers = { status: { like: '5..' } };

/** Requests by the answer that callers were given: what a version on trial refuses, the proxy asks the champion. */
function given(change: 'rate' | 'increase', model: string, range: string, which: Matchers = {}): string {
  const { name } = serving.requests;
  const refused = selector(name, { model, role: 'trial', status: '503' });
  return `${change}(${selector(name, { model, ...which })}${range}) unless ${change}(${refused}${range})`;
}

/** `range` as PromQL has it, such as `[5m]`. */
export const answeredRate = (model: string, range: string): string => `sum(${given('rate', model, range)})`;

/** Before the first failure there is no such series, and no failure is a share of nothing, not an unknown one. */
export const failingShare = (model: string, range: string): string =>
  `(sum(${given('rate', model, range, FAILED)}) or vector(0)) / ${answeredRate(model, range)}`;

function fast({ latencySeconds }: Objectives): Objective[] {
  if (latencySeconds === null) return [];
  const [name, le] = [serving.duration.name, boundary(latencySeconds)];
  const within = (model: string, window: number) => over(`${name}_bucket`, { model, le }, window);
  const asked = (model: string, window: number) => over(`${name}_count`, { model }, window);
  return [
    {
      kind: 'slow',
      budget: LATENCY_BUDGET,
      ratio: (model, window) => `1 - sum(rate(${within(model, window)})) / sum(rate(${asked(model, window)}))`,
      failed: (model, window) => `sum(increase(${asked(model, window)})) - sum(increase(${within(model, window)}))`,
      title: 'Latency',
      meaning: `more than ${percent(LATENCY_BUDGET)} of the requests take longer than ${latencySeconds * 1000} ms`,
    },
  ];
}

export const recorded = ({ kind }: Objective, window: number): string =>
  `model:mlops_serving_${kind}:ratio_rate${duration(window)}`;

/** As Python's client writes a bucket's boundary: always with a decimal point. */
export const boundary = (seconds: number): string => (Number.isInteger(seconds) ? `${seconds}.0` : String(seconds));

/**
 * Service level objectives of an online API as multi-window burn rates: the budget's share that is being used up, times so much,
 * over a long window and a short one, so that an alert comes early and goes soon after the cause has gone.
 * Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs".
 */
import { serving } from '../../ir/metrics.ts';
import type { Model } from '../../ir/types.ts';
import { type AlertRule, duration, number, over, type RecordingRule, type RuleTest, type Severity, selector } from './rule.ts';

interface Burn {
  factor: number;
  long: number;
  short: number;
  severity: Severity;
}

const HOUR = 3600;
const BURNS: readonly Burn[] = [
  { factor: 14.4, long: HOUR, short: 300, severity: 'page' },
  { factor: 6, long: 6 * HOUR, short: 1800, severity: 'page' },
  { factor: 1, long: 72 * HOUR, short: 6 * HOUR, severity: 'ticket' },
];
const WINDOWS = [...new Set(BURNS.flatMap(({ long, short }) => [long, short]))].sort((a, b) => a - b);

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
const LATENCY_BUDGET = 0.01;

export function objectivesOf({ online }: Model): Objective[] {
  const { availability, latencySeconds } = online?.objectives ?? { availability: null, latencySeconds: null };
  const found: Objective[] = [];
  if (availability !== null && availability < 1)
    found.push({
      kind: 'errors',
      budget: Number((1 - availability).toPrecision(12)),
      ratio: (model, window) => {
        const failed = over(serving.requests.name, { model }, window).replace('}', ',status=~"5.."}');
        // Before the first failure there is no such series, and no failure is a share of nothing, not an unknown one.
        return `(sum(rate(${failed})) or vector(0)) / sum(rate(${over(serving.requests.name, { model }, window)}))`;
      },
      title: 'Availability',
      meaning: `more than ${percent(1 - availability)} of the requests fail on our side`,
    });
  if (latencySeconds !== null)
    found.push({
      kind: 'slow',
      budget: LATENCY_BUDGET,
      ratio: (model, window) => {
        const name = serving.duration.name;
        const within = over(`${name}_bucket`, { model, le: boundary(latencySeconds) }, window);
        return `1 - sum(rate(${within})) / sum(rate(${over(`${name}_count`, { model }, window)}))`;
      },
      title: 'Latency',
      meaning: `more than ${percent(LATENCY_BUDGET)} of the requests take longer than ${latencySeconds * 1000} ms`,
    });
  return found;
}

export const recorded = ({ kind }: Objective, window: number): string => `model:mlops_serving_${kind}:ratio_rate${duration(window)}`;

export function recordings(model: Model): RecordingRule[] {
  return objectivesOf(model).flatMap((objective) =>
    WINDOWS.map((window) => ({
      record: recorded(objective, window),
      expr: objective.ratio(model.name, window),
      labels: { model: model.name, owner: model.owner },
    })),
  );
}

export function burnAlerts(model: Model): AlertRule[] {
  return objectivesOf(model).flatMap((objective) =>
    BURNS.map((burn) => {
      const limit = `${number(burn.factor)} * ${number(objective.budget)}`;
      const exceeds = (window: number) => `${selector(recorded(objective, window), { model: model.name })} > ${limit}`;
      return {
        alert: `Model${objective.title}Burn${burn.severity === 'ticket' ? 'Slow' : burn.factor > 10 ? 'Fast' : ''}`,
        expr: `${exceeds(burn.long)} and ${exceeds(burn.short)}`,
        forSeconds: burn.severity === 'page' ? 120 : 900,
        severity: burn.severity,
        owner: model.owner,
        subject: { model: model.name },
        summary: `${model.name}: ${objective.meaning}`,
        description: `Over ${duration(burn.long)} and ${duration(burn.short)} the budget of the objective burns ${burn.factor} times as fast as it may.`,
      };
    }),
  );
}

/** One broken hour (or three broken days) fires it, and a sound one does not. */
export function burnTests(model: Model): RuleTest[] {
  return burnAlerts(model).flatMap((alert) => {
    const burn = BURNS.find(
      ({ severity, factor }) => alert.severity === severity && (severity === 'ticket' || alert.alert.endsWith('Fast') === factor > 10),
    );
    const minutes = (burn?.long ?? HOUR) / 60 + 20;
    const name = `${model.name}: ${alert.alert}`;
    return [
      { name: `${name} fires`, series: requests(model, alert.alert, minutes, true), afterMinutes: minutes, alert, fires: true },
      {
        name: `${name} is quiet while all is well`,
        series: requests(model, alert.alert, minutes, false),
        afterMinutes: minutes,
        alert,
        fires: false,
      },
    ];
  });
}

function requests({ name: model, online }: Model, alert: string, minutes: number, isBroken: boolean): Record<string, string> {
  const steadily = (perMinute: number) => `0+${perMinute}x${minutes}`;
  if (alert.includes('Availability'))
    return {
      [selector(serving.requests.name, { model, status: '200' })]: steadily(isBroken ? 40 : 60),
      [selector(serving.requests.name, { model, status: '500' })]: steadily(isBroken ? 20 : 0),
    };
  const le = boundary(online?.objectives.latencySeconds ?? 0);
  return {
    [selector(`${serving.duration.name}_bucket`, { model, le })]: steadily(isBroken ? 40 : 60),
    [selector(`${serving.duration.name}_count`, { model })]: steadily(60),
  };
}

/** As Python's client writes a bucket's boundary: always with a decimal point. */
const boundary = (seconds: number): string => (Number.isInteger(seconds) ? `${seconds}.0` : String(seconds));

const percent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;

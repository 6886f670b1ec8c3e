/** The objectives' recording rules, and an alert for each pace at which a budget burns. */
import { serving } from '../../ir/metrics.ts';
import type { Model } from '../../ir/types.ts';
import { type AlertRule, duration, firesAndNot, number, type RecordingRule, selector } from '../rule.ts';
import { type Burn, boundary, burnsOf, type Objective, objectivesOf, recorded, windowsOf } from './objectives.ts';

export function recordings(model: Model): RecordingRule[] {
  return objectivesOf(model).flatMap((objective) =>
    windowsOf(model, objective).map((window) => ({
      record: recorded(objective, window),
      expr: objective.ratio(model.name, window),
      labels: { model: model.name, owner: model.owner },
    })),
  );
}

export const burnAlerts = (model: Model): AlertRule[] =>
  objectivesOf(model).flatMap((objective) =>
    burnsOf(model, objective).map((burn) => burnAlert(model, objective, burn)),
  );

/**
 * Where few requests come, one failure is a large share and no incident (the workbook: "Low-traffic services and error
 * budget alerting"). With so many, an outage of ten requests an hour still pages within the hour.
 */
const FEWEST_FAILED = 5;

/** A page for a budget that burns faster says all that the slower ones would. */
const slowerThan = (pace: Burn['pace'], title: string): string[] =>
  ({ Fast: ['', 'Slow'], '': ['Slow'], Slow: [] })[pace].map((slower) => `Model${title}Burn${slower}`);

function burnAlert({ name: model, owner, online }: Model, objective: Objective, burn: Burn): AlertRule {
  const { pace, factor, long, short, severity, forSeconds } = burn;
  const alert = `Model${objective.title}Burn${pace}`;
  const limit = `${number(factor)} * ${number(objective.budget)}`;
  const exceeds = (window: number) => `${selector(recorded(objective, window), { model })} > ${limit}`;
  const minutes = long / 60 + 20;
  const le = boundary(online?.objectives.latencySeconds ?? 0);
  const series = REQUESTS[objective.kind];
  const slower = slowerThan(pace, objective.title);
  return {
    alert,
    expr:
      `${exceeds(long)} and ${exceeds(short)} ` + `and on () (${objective.failed(model, long)}) >= ${FEWEST_FAILED}`,
    forSeconds,
    severity,
    owner,
    subject: { model },
    summary: `${model}: ${objective.meaning}`,
    description:
      `Over ${duration(long)} and ${duration(short)} the error budget burns ` +
      `${factor} times as fast as the objective allows.`,
    ...(slower.length > 0 ? { explains: { alerts: slower, by: ['model'] } } : {}),
    // One broken hour (or three broken days) fires it, and a sound one does not.
    tests: firesAndNot(
      minutes,
      { name: `${model}: ${alert} fires`, series: series({ model, le, minutes, good: 2 }) },
      { name: `${model}: ${alert} is quiet while all is well`, series: series({ model, le, minutes, good: 60 }) },
    ),
  };
}

interface Requests {
  model: string;
  /** The bucket of those that are fast enough. */
  le: string;
  minutes: number;
  /** Of the sixty requests of each minute. */
  good: number;
}

/** Requests by what decides an objective. */
const REQUESTS: Record<Objective['kind'], (requests: Requests) => Record<string, string>> = {
  errors: ({ model, minutes, good }) => ({
    [selector(serving.requests.name, { model, status: '200' })]: `0+${good}x${minutes}`,
    [selector(serving.requests.name, { model, status: '500' })]: `0+${60 - good}x${minutes}`,
  }),
  slow: ({ model, le, minutes, good }) => ({
    [selector(`${serving.duration.name}_bucket`, { model, le })]: `0+${good}x${minutes}`,
    [selector(`${serving.duration.name}_count`, { model })]: `0+60x${minutes}`,
    [selector(serving.requests.name, { model, status: '200' })]: `0+60x${minutes}`,
  }),
};

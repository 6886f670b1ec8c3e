/** The objectives' recording rules, their alerts, and the series on which these fire. */
import { serving } from '../../ir/metrics.ts';
import type { Model } from '../../ir/types.ts';
import { boundary, burnsOf, HOUR, objectivesOf, recorded, WINDOWS } from '../objectives.ts';
import { type AlertRule, duration, number, over, type RecordingRule, type RuleTest, selector } from './rule.ts';

export function recordings(model: Model): RecordingRule[] {
  return objectivesOf(model).flatMap((objective) =>
    WINDOWS.map((window) => ({
      record: recorded(objective, window),
      expr: objective.ratio(model.name, window),
      labels: { model: model.name, owner: model.owner },
    })),
  );
}

/** One slow request of three is a third, and no incident. */
const FEWEST_REQUESTS = 30;
const enough = (model: string, window: number): string =>
  `sum by (model) (increase(${over(serving.requests.name, { model }, window)})) >= ${FEWEST_REQUESTS}`;

export function burnAlerts(model: Model): AlertRule[] {
  return objectivesOf(model).flatMap((objective) =>
    burnsOf(model, objective).map((burn) => {
      const limit = `${number(burn.factor)} * ${number(objective.budget)}`;
      const exceeds = (window: number) => `${selector(recorded(objective, window), { model: model.name })} > ${limit}`;
      return {
        alert: `Model${objective.title}Burn${burn.pace}`,
        expr: `${exceeds(burn.long)} and ${exceeds(burn.short)} and on (model) ${enough(model.name, burn.long)}`,
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
    const pace = /Fast$|Slow$/.exec(alert.alert)?.[0] ?? '';
    const burn = objectivesOf(model)
      .flatMap((objective) => burnsOf(model, objective))
      .find((each) => each.pace === pace);
    const minutes = (burn?.long ?? HOUR) / 60 + 20;
    const name = `${model.name}: ${alert.alert}`;
    return [
      {
        name: `${name} fires`,
        series: requests(model, alert.alert, minutes, true),
        afterMinutes: minutes,
        alert,
        fires: true,
      },
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

function requests(
  { name: model, online }: Model,
  alert: string,
  minutes: number,
  isBroken: boolean,
): Record<string, string> {
  const steadily = (perMinute: number) => `0+${perMinute}x${minutes}`;
  if (alert.includes('Availability'))
    return {
      [selector(serving.requests.name, { model, status: '200' })]: steadily(isBroken ? 2 : 60),
      [selector(serving.requests.name, { model, status: '500' })]: steadily(isBroken ? 58 : 0),
    };
  const le = boundary(online?.objectives.latencySeconds ?? 0);
  return {
    [selector(`${serving.duration.name}_bucket`, { model, le })]: steadily(isBroken ? 2 : 60),
    [selector(`${serving.duration.name}_count`, { model })]: steadily(60),
    [selector(serving.requests.name, { model, status: '200' })]: steadily(60),
  };
}

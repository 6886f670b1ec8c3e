/** The online API of a model: whether it answers, and whether it keeps its objectives. */
import { serving } from '../../ir/metrics.ts';
import type { Model } from '../../ir/types.ts';
import { type AlertRule, firesAndNot, over, type RuleFile, selector } from '../rule.ts';
import { burnAlerts, recordings } from './burn-rules.ts';

export function modelFile(model: Model): RuleFile {
  const objectives = { name: `model ${model.name}: objectives`, rules: recordings(model) };
  const alerts = { name: `model ${model.name}: alerts`, rules: [...burnAlerts(model), down(model), notReady(model)] };
  return {
    name: `model_${model.name}`,
    origin: model.origin.file,
    groups: [objectives, alerts].filter(({ rules }) => rules.length > 0),
    testEveryMinutes: 5,
  };
}

/** Not scraped, or not even running: both have the same cause for whoever calls it. */
function down({ name: model, owner }: Model): AlertRule {
  const up = selector('up', { job: 'serving', model });
  return {
    alert: 'ModelApiDown',
    expr: `${up} == 0`,
    forSeconds: 60,
    severity: 'page',
    owner,
    subject: { model },
    summary: `${model}: the online API does not answer`,
    description: 'Prometheus has not been able to scrape its /metrics for a minute.',
    tests: firesAndNot(
      21,
      { name: `${model}: a dead API fires`, series: { [up]: '1x5 0x25' } },
      { name: `${model}: a living API is quiet`, series: { [up]: '1x30' } },
    ),
  };
}

/** A model that was never ready has no champion yet, and is no incident. */
function notReady({ name: model, owner }: Model): AlertRule {
  const ready = selector(serving.ready.name, { model });
  return {
    alert: 'ModelApiNotReady',
    expr: `${ready} == 0 and max_over_time(${over(serving.ready.name, { model }, 86_400)}) == 1`,
    forSeconds: 300,
    severity: 'page',
    owner,
    subject: { model },
    summary: `${model}: the online API answers but cannot predict`,
    description: '/readyz of the API says why: no champion can be loaded, or the feature store does not answer.',
    tests: firesAndNot(
      25,
      { name: `${model}: losing the champion fires`, series: { [ready]: '1x5 0x40' } },
      { name: `${model}: never having had one is quiet`, series: { [ready]: '0x40' } },
    ),
  };
}

/** The online API of a model: whether it answers, and whether it keeps its objectives. */
import { serving } from '../../ir/metrics.ts';
import type { Model } from '../../ir/types.ts';
import type { Matchers } from '../../render/promql.ts';
import { type AlertRule, firesAndNot, over, type RecordingRule, type RuleFile, remembered, selector } from '../rule.ts';
import { burnAlerts, recordings } from './burn-rules.ts';

export function modelFile(model: Model): RuleFile {
  const objectives = { name: `model ${model.name}: objectives`, rules: [...recordings(model), everReady(model)] };
  const alerts = [...burnAlerts(model), down(model), notReady(model), replicaDown(model), notLogged(model)];
  return {
    name: `model_${model.name}`,
    origin: model.origin.file,
    groups: [objectives, { name: `model ${model.name}: alerts`, rules: alerts }],
    testEveryMinutes: 5,
  };
}

/** Of the replicas that serve what callers get: a version on trial that is gone costs them nothing. */
const champions = (model: string): Matchers => ({ model, role: { not: 'trial' } });
const upOf = (model: string): string => selector('up', { job: 'serving', ...champions(model) });
const readyOf = (model: string): string => selector(serving.ready.name, champions(model));

/** Not scraped, or not even running: both have the same cause for whoever calls it. */
function down({ name: model, owner }: Model): AlertRule {
  const up = selector('up', { job: 'serving', model, role: 'champion', instance: 'one:8000' });
  return {
    alert: 'ModelApiDown',
    expr: `max by (model) (${upOf(model)}) == 0`,
    forSeconds: 60,
    severity: 'page',
    owner,
    subject: { model },
    summary: `${model}: the online API does not answer`,
    description: 'Prometheus has not been able to scrape the /metrics of any replica for a minute.',
    explains: {
      alerts: ['ModelApiNotReady', 'ModelReplicaDown', ...burnAlertsOf('Availability'), ...burnAlertsOf('Latency')],
      by: ['model'],
    },
    tests: firesAndNot(
      21,
      { name: `${model}: a dead API fires`, series: { [up]: '1x5 0x25' } },
      { name: `${model}: a living API is quiet`, series: { [up]: '1x30' } },
    ),
  };
}

const burnAlertsOf = (title: string): string[] => ['Fast', '', 'Slow'].map((pace) => `Model${title}Burn${pace}`);

const EVER_READY = 'model:mlops_serving_ready:ever';
const everReady = ({ name: model }: Model): RecordingRule =>
  remembered(EVER_READY, `${readyOf(model)} == 1`, ['model'], { model });

/** A model that was never ready has no champion yet, and is no incident. */
function notReady({ name: model, owner }: Model): AlertRule {
  const ready = selector(serving.ready.name, { model, role: 'champion' });
  return {
    alert: 'ModelApiNotReady',
    expr: `max by (model) (${readyOf(model)}) == 0 and on (model) ${selector(EVER_READY, { model })}`,
    forSeconds: 300,
    severity: 'page',
    owner,
    subject: { model },
    summary: `${model}: the online API answers but cannot predict`,
    description: '/readyz of the API says why: no champion can be loaded, or the feature store does not answer.',
    explains: { alerts: burnAlertsOf('Availability'), by: ['model'] },
    tests: firesAndNot(
      25,
      { name: `${model}: losing the champion fires`, series: { [ready]: '1x5 0x40' } },
      { name: `${model}: never having had one is quiet`, series: { [ready]: '0x40' } },
    ),
  };
}

/** The others answer for it; with one less the next loss is nearer. */
function replicaDown({ name: model, owner }: Model): AlertRule {
  const replicas = (of: string, metric: string) =>
    selector(metric, { ...(metric === 'up' ? { job: 'serving' } : {}), model, role: 'champion', instance: of });
  const both = { [replicas('one:8000', serving.ready.name)]: '1x60', [replicas('one:8000', 'up')]: '1x60' };
  return {
    alert: 'ModelReplicaDown',
    expr: `(${upOf(model)} == 0 or ${readyOf(model)} == 0) and on (model) ${readyOf(model)} == 1`,
    forSeconds: 600,
    severity: 'ticket',
    owner,
    subject: { model },
    summary: `${model}: the replica {{ $labels.instance }} does not answer or cannot predict`,
    description: 'Other replicas answer meanwhile: callers notice nothing, until the last one is gone.',
    tests: firesAndNot(
      40,
      { name: `${model}: one dead replica of two fires`, series: { ...both, [replicas('two:8000', 'up')]: '0x60' } },
      { name: `${model}: living replicas are quiet`, series: { ...both, [replicas('two:8000', 'up')]: '1x60' } },
    ),
  };
}

const NOT_LOGGED = 900;

/** Callers are answered, and whoever watches the model knows of fewer and fewer predictions. */
function notLogged({ name: model, owner }: Model): AlertRule {
  const lost = selector(serving.logErrors.name, { model, instance: 'one:8000' });
  return {
    alert: 'PredictionsNotLogged',
    expr: `sum(increase(${over(serving.logErrors.name, { model }, NOT_LOGGED)})) > 0`,
    forSeconds: 0,
    severity: 'ticket',
    owner,
    subject: { model },
    summary: `${model}: predictions are given and not logged`,
    description: "The API's log says why: a disk that is full, or a log of predictions that is as large as it may be.",
    tests: firesAndNot(
      10,
      { name: `${model}: a prediction that is not logged fires`, series: { [lost]: '0x5 1x20' } },
      { name: `${model}: predictions that were lost long ago are quiet`, series: { [lost]: '3x20' } },
    ),
  };
}

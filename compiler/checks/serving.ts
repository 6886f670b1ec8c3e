import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, inserting, isOnline, keyAt, referencesOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { metricsKept } from '../link/hosts.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { latencySeconds, seconds } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  SRV001: {
    severity: 'error',
    judgement: true,
    title: 'The latency objective cannot be met',
    why: 'Its parts already take longer, so the alert would never end.',
    example: 'latency_p99: 50ms with budget: {features: 40ms, model: 30ms}',
    fix: 'Promise more time, or make the parts faster.',
  },
  SRV002: {
    severity: 'error',
    judgement: true,
    title: 'Callers give up before the server',
    why: 'The answer comes when nobody listens, and the call is tried again on top.',
    example: 'online: {timeout: 5s, client_timeout: 2s}',
    fix: 'Let callers wait longer than the API takes.',
  },
  SRV003: {
    severity: 'error',
    title: 'A feature that serving needs is not online',
    why: 'The online API could never answer.',
    example: 'online: false on a view of a served model',
    fix: 'Bring the view online, or serve the model in batch only.',
  },
  SRV004: {
    severity: 'warning',
    title: 'No policy for a missing feature',
    why: 'Whether the API refuses or answers with what it has is a decision about the model.',
    example: 'serving: {online: {}}',
    fix: 'State `missing_features: reject` or `allow`.',
  },
  SRV005: {
    severity: 'error',
    title: 'A trial whose shares or end are missing',
    why: 'Requests would go to a version that does badly, and nobody would stop it.',
    example: 'canary: {alias: trial, weights: {champion: 90, trial: 5}}',
    fix: 'Let the weights add up to 100, and state `abort_if`.',
  },
  SRV006: {
    severity: 'error',
    judgement: true,
    title: 'An objective about more time than metrics are kept',
    why: 'Whether it is met can never be seen.',
    example: 'slo_window: 90d with metrics_retention: 30d',
    fix: 'Keep metrics longer, or promise for a shorter time.',
  },
});

const DEFAULTS = defaults.Model.serving.online;

/** An online API can answer, in its time, also when a feature is missing. */
export const serving: Check = {
  codes,
  run: (graph) =>
    [...graph.models.values()].flatMap((model) => [
      ...budget(model),
      ...offline(graph, model),
      ...policy(model),
      ...patience(model),
      ...window(graph, model),
      ...canary(model),
    ]),
};

const shown = (count: number): string => `${Number((count * 1000).toFixed(3))}ms`;

function budget(model: Declared<'Model'>): Finding[] {
  const online = model.value.serving?.online;
  if (!online?.budget || online.latency_p99 === undefined) return [];
  const { features, model: own } = online.budget;
  const sum = latencySeconds(features) + latencySeconds(own);
  if (sum <= latencySeconds(online.latency_p99)) return [];
  return [
    finding(
      'SRV001',
      valueAt(model, 'serving', 'online', 'latency_p99'),
      `99 of 100 answers within ${online.latency_p99} cannot be: looking the features up may take ${features} ` +
        `and the model ${own}, ${shown(sum)} together.`,
      {
        help: `promise at least ${shown(sum)}, or give the parts less`,
        related: [{ message: 'the parts', at: keyAt(model, 'serving', 'online', 'budget') }],
      },
    ),
  ];
}

function offline(graph: Graph, model: Declared<'Model'>): Finding[] {
  if (!model.value.serving?.online) return [];
  const seen = new Set<string>();
  return referencesOf(model).flatMap(({ view, index }) => {
    const declared = graph.views.get(view);
    if (!declared || isOnline(declared) || seen.has(view)) return [];
    seen.add(view);
    return [
      finding(
        'SRV003',
        valueAt(model, 'features', index),
        `Model ${model.name} is served online, and feature view ${view} is not kept online.`,
        { related: [{ message: 'it is taken offline here', at: valueAt(declared, 'online') }] },
      ),
    ];
  });
}

function policy(model: Declared<'Model'>): Finding[] {
  const { serving: stated } = model.value;
  if (!stated?.online || stated.missing_features !== undefined) return [];
  return [
    finding(
      'SRV004',
      keyAt(model, 'serving', 'online'),
      `Model ${model.name} does not say what its API answers when a feature is missing.`,
      {
        help: 'add `missing_features: reject` (what happens now) or `allow` to `serving`',
        fix: inserting(
          "add 'missing_features: reject', which is what happens now",
          model,
          ['serving'],
          'missing_features: reject',
        ),
      },
    ),
  ];
}

function patience(model: Declared<'Model'>): Finding[] {
  const { client_timeout, timeout = DEFAULTS.timeout } = model.value.serving?.online ?? {};
  if (client_timeout === undefined || seconds(client_timeout) >= seconds(timeout)) return [];
  return [
    finding(
      'SRV002',
      valueAt(model, 'serving', 'online', 'client_timeout'),
      `Callers of ${model.name} wait ${client_timeout}, and the API may take ` +
        `${timeout}${model.value.serving?.online?.timeout === undefined ? ' (where nothing is stated)' : ''}.`,
      {
        help: `let them wait at least ${timeout}, or lower \`timeout\``,
        related:
          model.value.serving?.online?.timeout === undefined
            ? []
            : [{ message: 'the API', at: valueAt(model, 'serving', 'online', 'timeout') }],
      },
    ),
  ];
}

function window(graph: Graph, model: Declared<'Model'>): Finding[] {
  const { platform } = graph;
  const stated = model.value.serving?.online?.slo_window;
  if (stated === undefined) return [];
  const short = Object.entries(platform.value.environments).find(
    ([, spec]) => spec.stores === 'servers' && seconds(metricsKept(graph, spec)) < seconds(stated),
  );
  if (!short) return [];
  const [name, spec] = short;
  const kept = metricsKept(graph, spec) + (spec.metrics_retention === undefined ? ' (where nothing is stated)' : '');
  return [
    finding(
      'SRV006',
      valueAt(model, 'serving', 'online', 'slo_window'),
      `The objectives of ${model.name} are about ${stated}, and environment ${name} keeps metrics for ${kept}.`,
      {
        help: `set \`metrics_retention\` of ${name} to at least ${stated}`,
        related: [{ message: `environment ${name}`, at: keyAt(platform, 'environments', name) }],
      },
    ),
  ];
}

function canary(model: Declared<'Model'>): Finding[] {
  const stated = model.value.serving?.online?.canary;
  if (!stated) return [];
  const { champion, trial } = stated.weights;
  const sum = champion + trial;
  return [
    ...(sum === 100
      ? []
      : [
          finding(
            'SRV005',
            keyAt(model, 'serving', 'online', 'canary', 'weights'),
            `The weights of ${model.name}'s trial add up to ${sum}: ${champion} + ${trial}.`,
            {
              help: `write \`champion: ${100 - trial}\`, or change the other`,
            },
          ),
        ]),
    ...(stated.abort_if === undefined
      ? [
          finding(
            'SRV005',
            keyAt(model, 'serving', 'online', 'canary'),
            `Nothing ends the trial of ${model.name} when it does badly.`,
            {
              help: 'add `abort_if:` with `errors` or `latency_p99`',
            },
          ),
        ]
      : []),
    ...(Object.values(model.value.serving?.aliases ?? { all: defaults.Model.serving.aliases }).includes(stated.alias)
      ? [
          finding(
            'SRV005',
            valueAt(model, 'serving', 'online', 'canary', 'alias'),
            `The version on trial has the alias '${stated.alias}', which is that of the version that is ` +
              'served: both would be one.',
            { help: 'choose another, such as `trial`' },
          ),
        ]
      : []),
  ];
}

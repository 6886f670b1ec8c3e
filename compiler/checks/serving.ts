import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, inserting, isOnline, keyAt, referencesOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { metricsKept } from '../link/hosts.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { latencySeconds, seconds, spoken } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  SRV001: {
    severity: 'error',
    judgement: true,
    title: 'The latency objective cannot be met',
    why: 'Its parts already take longer, so the alert would never stop.',
    example: 'latency_p99: 50ms with budget: {features: 40ms, model: 30ms}',
    fix: 'Raise the objective, or make the parts faster.',
  },
  SRV002: {
    severity: 'error',
    judgement: true,
    title: 'Callers give up before the server does',
    why: 'The answer arrives when nobody waits for it any more, and retries add to the load.',
    example: 'online: {timeout: 5s, client_timeout: 2s}',
    fix: 'Let callers wait longer than the API may take.',
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
    why: 'Whether the API refuses, or answers with what it has, is a decision about the model.',
    example: 'serving: {online: {}}',
    fix: 'Set `missing_features: reject` or `allow`.',
  },
  SRV005: {
    severity: 'error',
    title: 'A trial whose weights or end condition are wrong',
    why: 'Requests would keep going to a version that performs badly.',
    example: 'canary: {alias: trial, weights: {champion: 90, trial: 5}}',
    fix: 'Make the weights add up to 100, and set `abort_if`.',
  },
  SRV006: {
    severity: 'error',
    judgement: true,
    title: 'An objective over more time than metrics are kept',
    why: 'Nobody can ever see whether it is met.',
    example: 'slo_window: 90d with metrics_retention: 30d',
    fix: 'Keep metrics longer, or shorten the window of the objective.',
  },
  SRV007: {
    severity: 'error',
    title: 'A limit of missing features where none may be missing',
    why: 'With `missing_features: reject`, the default, a row may lack no feature: the limit allows nothing.',
    example: 'serving: {missing_features: reject, max_missing: 50%}',
    fix: 'Set `missing_features: allow`, or leave the limit out.',
  },
});

const DEFAULTS = defaults.Model.serving.online;

/** An online API can answer in time, also when a feature is missing. */
export const serving: Check = {
  codes,
  run: (graph) =>
    [...graph.models.values()].flatMap((model) => [
      ...budget(model),
      ...offline(graph, model),
      ...policy(model),
      ...limit(model),
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
      `The API cannot answer 99 % of requests within ${online.latency_p99}: looking up the features may take ` +
        `${features} and the model ${own}, which is ${shown(sum)} together.`,
      {
        help: `set at least ${shown(sum)}, or lower the parts`,
        related: [{ message: 'the parts are set here', at: keyAt(model, 'serving', 'online', 'budget') }],
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
        `Model ${model.name} is served online, but its feature view ${view} is not kept online.`,
        { related: [{ message: 'the view is taken offline here', at: valueAt(declared, 'online') }] },
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
        help: 'add `missing_features: reject` (the default) or `allow` to `serving`',
        fix: inserting("add 'missing_features: reject', the default", model, ['serving'], 'missing_features: reject'),
      },
    ),
  ];
}

function limit(model: Declared<'Model'>): Finding[] {
  const { max_missing, missing_features } = model.value.serving ?? {};
  if (max_missing === undefined || missing_features === 'allow') return [];
  const policy = missing_features ? 'says `missing_features: reject`' : 'rejects missing features by default';
  return [
    finding(
      'SRV007',
      valueAt(model, 'serving', 'max_missing'),
      `Rows of ${model.name} may lack ${max_missing} of the features, but the model ${policy}: none may be missing.`,
      { help: 'set `missing_features: allow`, or leave `max_missing` out' },
    ),
  ];
}

function patience(model: Declared<'Model'>): Finding[] {
  const { client_timeout, timeout = DEFAULTS.timeout } = model.value.serving?.online ?? {};
  if (client_timeout === undefined || seconds(client_timeout) >= seconds(timeout)) return [];
  const byDefault = model.value.serving?.online?.timeout === undefined ? ' (the default)' : '';
  return [
    finding(
      'SRV002',
      valueAt(model, 'serving', 'online', 'client_timeout'),
      `Callers of ${model.name} wait for ${client_timeout}, but the API may take ${timeout}${byDefault}.`,
      {
        help: `let them wait at least ${timeout}, or lower \`timeout\``,
        related:
          model.value.serving?.online?.timeout === undefined
            ? []
            : [{ message: "the API's timeout is set here", at: valueAt(model, 'serving', 'online', 'timeout') }],
      },
    ),
  ];
}

function window(graph: Graph, model: Declared<'Model'>): Finding[] {
  const { platform } = graph;
  const online = model.value.serving?.online;
  const stated = online?.slo_window;
  if (stated === undefined) return online ? unseen(graph, model) : [];
  const short = Object.entries(platform.value.environments).find(
    ([, spec]) => spec.stores === 'servers' && seconds(metricsKept(graph, spec)) < seconds(stated),
  );
  if (!short) return [];
  const [name, spec] = short;
  const kept = metricsKept(graph, spec) + (spec.metrics_retention === undefined ? ' (the default)' : '');
  return [
    finding(
      'SRV006',
      valueAt(model, 'serving', 'online', 'slo_window'),
      `The objectives of ${model.name} cover ${stated}, but environment ${name} keeps metrics for ${kept}.`,
      {
        help: `set \`metrics_retention\` of ${name} to at least ${stated}`,
        related: [{ message: `environment ${name} is declared here`, at: keyAt(platform, 'environments', name) }],
      },
    ),
  ];
}

/** The slowest alert looks back over a tenth of the window. */
const LOOKED_BACK = seconds(DEFAULTS.slo_window) / 10;

/** Where the window is the default, only a stated retention can be too short for the alerts. */
function unseen({ platform }: Graph, model: Declared<'Model'>): Finding[] {
  const { availability, latency_p99 } = model.value.serving?.online ?? {};
  if (availability === undefined && latency_p99 === undefined) return [];
  return Object.entries(platform.value.environments).flatMap(([name, { stores, metrics_retention: kept }]) =>
    kept === undefined || stores !== 'servers' || seconds(kept) >= LOOKED_BACK
      ? []
      : [
          finding(
            'SRV006',
            valueAt(platform, 'environments', name, 'metrics_retention'),
            `Environment ${name} keeps metrics for ${kept}, but alerts on the objectives of ${model.name} look back ` +
              `over ${spoken(LOOKED_BACK)}.`,
            {
              help: `keep them for at least ${spoken(LOOKED_BACK)}`,
              related: [{ message: 'the objectives are set here', at: keyAt(model, 'serving', 'online') }],
            },
          ),
        ],
  );
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
            `The weights of the trial of ${model.name} add up to ${sum} (${champion} + ${trial}), not to 100.`,
            {
              help: `set \`champion: ${100 - trial}\`, or change the other weight`,
            },
          ),
        ]),
    ...(stated.abort_if === undefined
      ? [
          finding(
            'SRV005',
            keyAt(model, 'serving', 'online', 'canary'),
            `Nothing ends the trial of ${model.name} when it performs badly.`,
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
            `The version on trial and the version that is served have the same alias, '${stated.alias}'.`,
            { help: 'choose another one, such as `trial`' },
          ),
        ]
      : []),
  ];
}

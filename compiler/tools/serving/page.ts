import { serving } from '../../ir/metrics.ts';
import type { Model } from '../../ir/types.ts';
import {
  all,
  duration,
  figure,
  home,
  type Limit,
  lines,
  type Page,
  type Panel,
  RATE,
  type Row,
  rate,
  selector,
} from '../page.ts';
import { answeredRate, failingShare, type Objective, objectivesOf, recorded, windowsOf } from './objectives.ts';

export function apiPage(model: Model): Page {
  const { name, description, origin } = model;
  return {
    kind: 'api',
    name,
    title: `Online API ${name}`,
    description,
    origin: origin.file,
    links: [home, { title: 'Model', kind: 'model', name }],
    rows: [now(model), requests(model), predictions(name)],
  };
}

const quantile = (share: number, model: string): string =>
  `histogram_quantile(${share}, sum by (le) (${rate(`${serving.duration.name}_bucket`, { model })}))`;

const slowLimit = ({ online }: Model): Limit | null => {
  const seconds = online?.objectives.latencySeconds ?? null;
  return seconds === null ? null : { value: seconds };
};

function now(model: Model): Row {
  const about = { model: model.name };
  const ofChampion = { ...about, role: { not: 'trial' } };
  return {
    title: 'Now',
    panels: [
      figure({
        title: 'Ready',
        description: 'Replicas that can predict, without a version on trial; with none, nobody gets predictions.',
        unit: 'short',
        limit: { value: 1, isFloor: true },
        queries: all(`sum(${selector(serving.ready.name, ofChampion)})`, ''),
      }),
      figure({
        title: 'Version',
        description: 'Version of the model in the registry.',
        unit: 'short',
        queries: all(`max by (version) (${selector(serving.modelInfo.name, ofChampion)} == 1)`, '{{version}}'),
      }),
      figure({
        title: 'Requests',
        description: 'Per second.',
        unit: 'reqps',
        queries: all(answeredRate(model.name, RATE), ''),
      }),
      failing(model),
      figure({
        title: 'p99',
        description: '99 % of requests take no longer.',
        unit: 's',
        limit: slowLimit(model),
        queries: all(quantile(0.99, model.name), ''),
      }),
      figure({
        title: 'In flight',
        description: 'Requests in progress.',
        unit: 'short',
        queries: all(`sum(${selector(serving.inFlight.name, about)})`, ''),
      }),
    ],
  };
}

function failing({ name, online }: Model): Panel {
  const availability = online?.objectives.availability ?? null;
  return figure({
    title: 'Failing',
    description: 'Share of requests that end in a server error.',
    unit: 'percentunit',
    decimals: 2,
    limit: availability === null ? null : { value: Number((1 - availability).toPrecision(12)) },
    queries: all(failingShare(name, RATE), ''),
  });
}

function requests(model: Model): Row {
  const { name } = model;
  return {
    title: 'Requests',
    panels: [
      lines({
        title: 'Requests by status',
        description: 'Per second.',
        unit: 'reqps',
        min: 0,
        queries: all(`sum by (status) (${rate(serving.requests.name, { model: name })})`, '{{status}}'),
      }),
      lines({
        title: 'Latency',
        description: 'The red line is the objective for p99.',
        unit: 's',
        min: 0,
        limit: slowLimit(model),
        queries: [
          { expr: quantile(0.5, name), legend: 'p50' },
          { expr: quantile(0.95, name), legend: 'p95' },
          { expr: quantile(0.99, name), legend: 'p99' },
        ],
      }),
      ...objectivesOf(model).map((objective) => burn(objective, model)),
    ],
  };
}

const burn = (objective: Objective, model: Model): Panel =>
  lines({
    title: `${objective.title}: share of requests that miss it`,
    description: 'The red line is the share that the objective allows; above it, the error budget runs out too soon.',
    unit: 'percentunit',
    min: 0,
    limit: { value: objective.budget },
    queries: windowsOf(model, objective).map((window) => ({
      expr: selector(recorded(objective, window), { model: model.name }),
      legend: duration(window),
    })),
  });

function predictions(model: string): Row {
  const about = { model };
  const ages = rate(`${serving.featureAge.name}_bucket`, about);
  const values = selector(`${serving.prediction.name}_bucket`, about);
  return {
    title: 'Features and predictions',
    panels: [
      lines({
        title: 'Age of the features used',
        description: '90 % of rows are no older, by view.',
        unit: 's',
        min: 0,
        queries: all(`histogram_quantile(0.9, sum by (le, view) (${ages}))`, '{{view}}'),
      }),
      lines({
        title: 'Look-ups that found nothing fresh',
        description: 'Per second, by view.',
        unit: 'cps',
        min: 0,
        queries: all(`sum by (view) (${rate(serving.missingFeatures.name, about)})`, '{{view}}'),
      }),
      {
        kind: 'heatmap',
        width: 12,
        title: 'Predictions',
        description: 'Number of predictions, by value.',
        unit: 'short',
        queries: all(`sum by (le) (increase(${values}${RATE}))`, '{{le}}'),
      },
      lines({
        title: 'Predictions by version',
        description: 'Per second. After a promotion, the new version takes over.',
        unit: 'cps',
        min: 0,
        queries: all(`sum by (version) (${rate(serving.predictions.name, about)})`, 'version {{version}}'),
      }),
      lines({
        title: 'Predictions that could not be logged',
        description: 'They are served, but labels that arrive later cannot be joined to them.',
        unit: 'cps',
        min: 0,
        queries: all(rate(serving.logErrors.name, about), 'not logged'),
      }),
    ],
  };
}

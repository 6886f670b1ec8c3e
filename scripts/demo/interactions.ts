/** The fourteen interactions of the platform, each with the evidence of what ran, or none. */
import type { HeldBackFlight } from './held-back.ts';
import type { MlflowRun, Version } from './mlflow.ts';
import type { EndedRun, Evidence } from './model-run.ts';
import type { ExecutedNotebook } from './notebook.ts';
import type { Predictions } from './online-api.ts';

export interface ModelStory {
  model: string;
  metric: string;
  training: EndedRun;
  trainingRun: MlflowRun;
  champion: Version;
  scoring: EndedRun | null;
  online: OnlineUse | null;
  notebook: ExecutedNotebook;
  notebookRun: MlflowRun | null;
}

export interface OnlineUse {
  predictions: Predictions;
  /** In the order of the predictions. */
  flights: HeldBackFlight[];
}

export interface Story {
  data: EndedRun[];
  models: ModelStory[];
  /** Of interactions 10 to 13: what each push changed, or null; not there where nothing was pushed. */
  pushes?: (string | null | undefined)[];
}

export interface Interaction {
  number: number;
  text: string;
  /** `failed`: it belongs to this environment, and nothing proves that it happened. */
  state: 'done' | 'failed' | 'not in this environment yet';
  evidence: string | null;
}

const texts = [
  'The data pipeline pulls data from a file source and processes it',
  'It pushes the processed data into the feature store',
  'A data scientist pulls features into a notebook to experiment',
  'The training pipeline pulls features to train a model',
  "Each experiment's metadata goes to the metadata store",
  "The training pipeline's own metadata goes there too",
  'The trained model goes to the model registry',
  'Batch scoring and the online API serve the registered model',
  'Logs and metrics are collected from the online serving API',
  'A push to GitHub deploys the data pipeline',
  'A push to GitHub deploys the training pipeline',
  'A push to GitHub deploys the batch scoring pipeline',
  'A push to GitHub deploys the online serving API',
  'Streaming data from Kafka is written to the feature store',
];

/** Proofs of what only environments with servers do; undefined where the environment does not. */
export interface ServerProofs {
  /** Undefined while nothing collects logs: metrics alone are half of it. */
  collected: string | null | undefined;
  streamed: string | null;
}

/** Nothing here is known beforehand: a line without evidence has not happened. */
export function interactions({ data, models, pushes = NONE }: Story, servers?: ServerProofs): Interaction[] {
  // What one model lacks, the others do not make up for.
  const perModel = (describe: (story: ModelStory) => string | null) => {
    const proofs = models.map((story) => named(models, story, describe(story)));
    return proofs.includes(null) ? null : join(proofs);
  };
  const evidence: (string | null | undefined)[] = [
    join(data.map(processed)),
    join(data.map(materialised)),
    perModel(explored),
    perModel(pulled),
    perModel(tracked),
    perModel(linked),
    perModel(registered),
    perModel(served),
    servers?.collected,
    ...pushes,
    servers?.streamed,
  ];
  return texts.map((text, index) => {
    const proof = evidence[index] ?? null;
    const missing = evidence[index] === null ? 'failed' : 'not in this environment yet';
    return { number: index + 1, text, state: proof === null ? missing : 'done', evidence: proof };
  });
}

const NONE = [undefined, undefined, undefined, undefined];

const join = (parts: (string | null)[]): string | null => parts.filter(Boolean).join('\n') || null;
const named = (models: ModelStory[], { model }: ModelStory, text: string | null) =>
  text && (models.length > 1 ? `${model}: ${text}` : text);

function processed({ pipeline, evidence }: EndedRun): string | null {
  const written = Object.values(evidence).flatMap((one) =>
    Object.entries((one['written'] ?? {}) as Record<string, Evidence>),
  );
  const tables = written.map(([table, { rows, digest }]) => `${table} ${count(rows)} rows (${short(digest)})`);
  return tables.length > 0 ? `${pipeline}: ${tables.join(', ')}` : null;
}

function materialised({ evidence }: EndedRun): string | null {
  const views = Object.values(evidence).flatMap((one) =>
    Object.entries((one['views'] ?? {}) as Record<string, Evidence>),
  );
  return views.length > 0
    ? `online: ${views.map(([view, { keys }]) => `${view} ${count(keys)} keys`).join(', ')}`
    : null;
}

function explored({ notebook, notebookRun }: ModelStory): string | null {
  const rows = /^[\d,]+ of [\d,]+ rows are usable$/m.exec(notebook.printed)?.[0];
  return rows
    ? `${notebook.cells} cells executed, ${rows}${notebookRun ? `, MLflow run ${short(notebookRun.id)}` : ''}`
    : null;
}

function pulled({ training }: ModelStory): string | null {
  const found = training.evidence['pull_features'];
  return found ? `${count(found['rows_train'])} rows to train on, ${count(found['rows_holdout'])} held back` : null;
}

function tracked({ metric, trainingRun, notebookRun }: ModelStory): string | null {
  const { params, metrics } = trainingRun;
  const candidate = metrics[`holdout_${metric}`];
  if (candidate === undefined) return null;
  const others = ['baseline', 'champion'].flatMap((name) =>
    metrics[`${name}_${metric}`] === undefined ? [] : `${name} ${number(metrics[`${name}_${metric}`])}`,
  );
  const given = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  return [
    `${metric} ${number(candidate)} (${others.join(', ')})`,
    given.join(' '),
    notebookRun ? `notebook's run ${short(notebookRun.id)}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** Only if MLflow's record names this very run of Airflow. */
function linked({ training, trainingRun: { id, tags } }: ModelStory): string | null {
  if (tags['airflow.run_id'] !== training.run) return null;
  const tables = Object.keys(tags).filter((name) => name.startsWith('data.')).length;
  return (
    `MLflow run ${short(id)}: commit ${short(tags['git.commit'])}, spec ${short(tags['spec.digest'])}, ${tables} ` +
    `data digests, Airflow ${training.pipeline}`
  );
}

function registered({ model, champion, training, trainingRun }: ModelStory): string {
  const kept =
    training.result === 'refused'
      ? `the candidate was refused (${trainingRun.tags['gate.reason'] ?? 'see the gate'}), `
      : '';
  return `${kept}${model} version ${champion.version} ${kept ? 'stays' : 'is'} champion`;
}

function served({ scoring, online }: ModelStory): string | null {
  const score = scoring?.evidence['score'];
  const batch = score && `batch: ${count(score['rows_scored'])} rows with version ${score['model_version']}`;
  const api =
    online &&
    `online: version ${online.predictions.model_version}, ${online.predictions.predictions.length} ` +
      `predictions, e.g. ${firstPrediction(online)}`;
  if (scoring && !score) return null;
  return [batch, api].filter(Boolean).join('; ') || null;
}

/** `B6 108 will leave 14 min late (in fact 21)`. */
export function firstPrediction({ predictions, flights }: OnlineUse): string {
  const [minutes] = predictions.predictions;
  const [first] = flights;
  return first && minutes !== undefined
    ? `${first.flight} will leave ${minutes.toFixed(0)} min late (in fact ${first.actual_delay})`
    : 'no flight is to come';
}

const count = (value: unknown) => Number(value).toLocaleString('en-US');
const number = (value: number | undefined) => (value === undefined ? '?' : value.toFixed(2));
const short = (digest: unknown) =>
  String(digest)
    .replace(/^sha256:/, '')
    .slice(0, 8);

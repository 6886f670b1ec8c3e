/** One model from the data run to a served champion, with every proof on the way. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Airflow } from '../../compiler/operate/airflow.ts';
import { OperationError } from '../../compiler/operate/operation-error.ts';
import { inStage, pipelinesOf } from '../../compiler/operate/platform.ts';
import type { Progress } from '../../compiler/operate/progress.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { heldBackFlights } from './held-back.ts';
import { firstPrediction, type ModelStory } from './interactions.ts';
import { Mlflow, type MlflowRun, type Version } from './mlflow.ts';
import { type EndedRun, followToEnd, startedBy } from './model-run.ts';
import { type ExecutedNotebook, executeNotebook } from './notebook.ts';
import { apiOf, awaitVersion, predict } from './online-api.ts';

interface ModelContract {
  model: string;
  train: { metric: string };
}

export function modelsOf(workspace: Workspace): ModelContract[] {
  const folder = join(workspace.root, 'generated', 'common', 'runtime', 'models');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return files.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ModelContract);
}

export async function followModel(airflow: Airflow, workspace: Workspace, progress: Progress, { model, train }: ModelContract, data: EndedRun[]): Promise<ModelStory> {
  const mlflow = new Mlflow(workspace);
  const training = await inStage(progress, `Training ${model}`, (note) => followStarted(airflow, workspace, `train_${model}`, data, note), describeTraining(progress));
  const champion = await championOf(mlflow, model);
  const trainingRun = await mlflow.run(String(training.evidence['pull_features']?.['mlflow_run_id']));
  const scoring = await followScoring(airflow, workspace, progress, model, training.result === 'success' ? [training] : data);
  const online = await useOnline(workspace, progress, model, champion);
  const notebook = await inStage(progress, `Notebook of ${model}`, () => executeNotebook(workspace, model), ({ cells }) => `${cells} cells executed`);
  return { model, metric: train.metric, training, trainingRun, champion, scoring, online, notebook, notebookRun: await notebookRun(mlflow, notebook) };
}

async function followStarted(airflow: Airflow, workspace: Workspace, pipeline: string, sources: EndedRun[], note: (text: string) => void): Promise<EndedRun> {
  return followToEnd(airflow, workspace, await startedBy(airflow, pipeline, sources, note), note);
}

/** A candidate that does not beat the champion is refused: that is the gate at work, and the demo goes on. */
const describeTraining = ({ colors }: Progress) => ({ result, failures }: EndedRun) =>
  result === 'refused' ? `${colors.yellow('refused')}: ${failures[0]?.error.at(-1)?.replace(/^Refused: /, '') ?? ''}` : 'the candidate became champion';

async function championOf(mlflow: Mlflow, model: string): Promise<Version> {
  const champion = await mlflow.aliased(model, 'champion');
  if (champion) return champion;
  throw new OperationError(`${model} has no champion: no candidate has passed the gate yet. Its training runs: ${mlflow.url}`, 1);
}

async function followScoring(airflow: Airflow, workspace: Workspace, progress: Progress, model: string, sources: EndedRun[]): Promise<EndedRun | null> {
  const pipeline = `score_${model}`;
  if (!pipelinesOf(workspace).includes(pipeline)) return null;
  const describe = ({ evidence }: EndedRun) => `${evidence['score']?.['rows_scored'] ?? 0} rows scored`;
  return inStage(progress, `Batch scoring with ${model}`, (note) => followStarted(airflow, workspace, pipeline, sources, note), describe);
}

async function useOnline(workspace: Workspace, progress: Progress, model: string, { version }: Version): Promise<ModelStory['online']> {
  const api = apiOf(workspace, model);
  if (api === null) return null;
  await inStage(progress, `Online API of ${model}`, (note) => awaitVersion(api, version, note), () => `serves version ${version}`);
  return inStage(
    progress,
    'Predictions for held-back flights',
    async () => {
      const flights = await heldBackFlights(workspace, model);
      const predictions = await predict(api, flights.map(({ instance }) => instance));
      return { predictions, flights };
    },
    (online) => firstPrediction(online),
  );
}

/** The notebook logs a run of its own and prints its id. */
async function notebookRun(mlflow: Mlflow, { printed }: ExecutedNotebook): Promise<MlflowRun | null> {
  const id = /^Run ([0-9a-f]{32}) of the experiment/m.exec(printed)?.[1];
  return id === undefined ? null : mlflow.run(id);
}

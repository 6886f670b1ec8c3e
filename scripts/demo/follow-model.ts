/** One model from the data run to a served champion, with every proof on the way. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Airflow } from '../../compiler/clients/airflow.ts';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import type { Progress } from '../../compiler/operate/progress.ts';
import { inStage } from '../../compiler/operate/progress.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { heldBackFlights } from './held-back.ts';
import { firstPrediction, type ModelStory, type OnlineUse } from './interactions.ts';
import { Mlflow, type MlflowRun, type Version } from './mlflow.ts';
import { type EndedRun, followToEnd, runAfter } from './model-run.ts';
import { type ExecutedNotebook, executeNotebook } from './notebook.ts';
import { apiOf, awaitVersion, predict } from './online-api.ts';
import { pipelineOf } from './pipeline-contracts.ts';

interface ModelContract {
  model: string;
  train: { metric: string };
}

type Note = (text: string) => void;

export function modelsOf(workspace: Workspace): ModelContract[] {
  const folder = join(workspace.root, 'generated', 'common', 'runtime', 'models');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return files.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ModelContract);
}

/** What follows one model needs, wherever it stands. */
export interface Stage {
  airflow: Airflow;
  workspace: Workspace;
  progress: Progress;
}

export async function followModel(
  stage: Stage,
  { model, train }: ModelContract,
  data: EndedRun[],
): Promise<ModelStory> {
  const { workspace, progress } = stage;
  const mlflow = new Mlflow(workspace);
  const training = await inStage(
    progress,
    `Training ${model}`,
    (note) => followNext(stage, trainingOf(workspace, model), data, note),
    describeTraining(progress),
  );
  const champion = await championOf(mlflow, model);
  const trainingRun = await mlflow.run(String(training.evidence['pull_features']?.['mlflow_run_id']));
  // Three users of the champion, none of which waits for another.
  const [scoring, online, notebook] = await inStage(progress, `Using ${model}`, (note) => {
    const say = noteTogether(note);
    return Promise.all([
      followScoring(stage, model, training.result === 'success' ? [training] : data, say('scoring')),
      useOnline(workspace, model, champion, say('online API')),
      executeNotebook(workspace, model).finally(() => say('notebook')('executed')),
    ]);
  });
  if (online) progress.line(progress.colors.dim(`  ${firstPrediction(online)}`));
  return {
    model,
    metric: train.metric,
    training,
    trainingRun,
    champion,
    scoring,
    online,
    notebook,
    notebookRun: await notebookRun(mlflow, notebook),
  };
}

/** Several things under way share one note. */
function noteTogether(note: Note): (name: string) => Note {
  const notes = new Map<string, string>();
  return (name) => (text) => {
    notes.set(name, text);
    note([...notes].map(([key, value]) => `${key}: ${value}`).join('; '));
  };
}

async function followNext(
  { airflow, workspace }: Stage,
  pipeline: string,
  sources: EndedRun[],
  note: Note,
): Promise<EndedRun> {
  return followToEnd(airflow, workspace, await runAfter(airflow, workspace, pipeline, sources, note), note);
}

/** A candidate that does not beat the champion is refused: that is the gate at work, and the demo goes on. */
const describeTraining =
  ({ colors }: Progress) =>
  ({ result, evidence }: EndedRun) => {
    const reason = String(Object.values(evidence).find(({ gate }) => gate)?.['reason'] ?? '');
    return result === 'refused' ? `${colors.yellow('refused')}: ${reason}` : 'the candidate became champion';
  };

function trainingOf(workspace: Workspace, model: string): string {
  const pipeline = pipelineOf(workspace, model, 'train');
  if (pipeline) return pipeline;
  throw new OperationError(`No pipeline trains ${model}.`, 1);
}

async function championOf(mlflow: Mlflow, model: string): Promise<Version> {
  const champion = await mlflow.aliased(model, 'champion');
  if (champion) return champion;
  throw new OperationError(
    `${model} has no champion: no candidate has passed the gate yet. Its training runs: ${mlflow.url}`,
    1,
  );
}

async function followScoring(stage: Stage, model: string, sources: EndedRun[], note: Note): Promise<EndedRun | null> {
  const pipeline = pipelineOf(stage.workspace, model, 'score');
  if (pipeline === null) return null;
  const started = await followNext(stage, pipeline, sources, note);
  if (started.evidence['score']) return started;
  // That run came before the first champion, and had nothing to score with.
  return followToEnd(stage.airflow, stage.workspace, await stage.airflow.trigger(pipeline), note);
}

async function useOnline(
  workspace: Workspace,
  model: string,
  { version }: Version,
  note: Note,
): Promise<OnlineUse | null> {
  const api = apiOf(workspace, model);
  if (api === null) return null;
  await awaitVersion(api, version, note);
  note(`version ${version}`);
  const flights = await heldBackFlights(workspace, model);
  const predictions = await predict(
    api,
    flights.map(({ instance }) => instance),
  );
  note(`version ${version}, ${predictions.predictions.length} predictions`);
  return { predictions, flights };
}

/** The notebook logs a run of its own and prints its id. */
async function notebookRun(mlflow: Mlflow, { printed }: ExecutedNotebook): Promise<MlflowRun | null> {
  const id = /^Run ([0-9a-f]{32}) of the experiment/m.exec(printed)?.[1];
  return id === undefined ? null : mlflow.run(id);
}

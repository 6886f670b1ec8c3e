/** The main job on the real servers: data, training, gate, registry, batch and online serving, notebook. */
import { airflowOf } from '../../compiler/operate/pipelines/airflow.ts';
import { createProgress } from '../../compiler/operate/progress.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { scheduledPipelines, startPipeline } from '../../scripts/demo/data-run.ts';
import { followModel, modelsOf } from '../../scripts/demo/follow-model.ts';
import { type Interaction, interactions, type Story } from '../../scripts/demo/interactions.ts';
import { type EndedRun, followToEnd } from '../../scripts/demo/model-run.ts';
import { writtenPipelines } from '../../scripts/demo/pipeline-contracts.ts';
import type { Chapter, Stage } from './stage.ts';

export const chapter: Chapter = {
  title: 'From the file source to a served model, on PostgreSQL and Redis',
  async run(stage) {
    await stage.check(
      'the data pipeline, the training, the batch scoring, the online API and the notebook run to their end',
      async () => {
        story = await tell(stage);
      },
    );
    for (const { number, text, evidence } of rows().slice(0, 8))
      await stage.check(`interaction ${number}: ${text}`, async () => {
        if (evidence === null) throw new Error('nothing proves that it happened');
        for (const line of evidence.split('\n')) stage.note(line);
      });
  },
};

let story: Story | null = null;

/** The fourteen interactions as far as this run has proven them. */
export function rows(proofs: ReadonlyMap<number, string[]> = new Map()): Interaction[] {
  const proof = (interaction: number) => proofs.get(interaction)?.join('\n') ?? null;
  const collected = proofs.get(9) ?? [];
  // Metrics alone, or logs alone, are half of it.
  const both = ['metrics:', 'logs:'].every((half) => collected.some((evidence) => evidence.startsWith(half)));
  const pushes = [10, 11, 12, 13].map((interaction) => proof(interaction) ?? undefined);
  const told = { ...(story ?? { data: [], models: [] }), pushes };
  return interactions(told, { collected: both ? proof(9) : null, streamed: proof(14) });
}

async function tell(stage: Stage): Promise<Story> {
  const workspace = openWorkspace(stage.root, stage.environment);
  const progress = createProgress({ isTerminal: false, color: false, out: (text) => stage.note(text.trimEnd()) });
  const airflow = airflowOf(workspace);
  const models = modelsOf(workspace);
  const data: EndedRun[] = [];
  for (const dag of await scheduledPipelines(airflow, writtenPipelines(workspace)))
    data.push(await followToEnd(airflow, workspace, await startPipeline(airflow, dag), stage.note));
  const stories = [];
  for (const model of models) stories.push(await followModel({ airflow, workspace, progress }, model, data));
  return { data, models: stories };
}

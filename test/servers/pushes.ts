/** Interactions 10 to 13 on the real servers: a repository whose hook deploys what is pushed. */
import { airflowOf } from '../../compiler/operate/pipelines/airflow.ts';
import { createProgress } from '../../compiler/operate/progress.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { scheduledPipelines } from '../../scripts/demo/data-run.ts';
import { modelsOf } from '../../scripts/demo/follow-model.ts';
import { writtenPipelines } from '../../scripts/demo/pipeline-contracts.ts';
import { followPushes } from '../../scripts/demo/pushes.ts';
import type { Chapter, Stage } from './stage.ts';

/** Of the first push. */
const FIRST = 10;

export const chapter: Chapter = {
  title: 'Pushes that deploy',
  async run(stage) {
    await stage.check('each of four pushes takes its part live, as the tool says, and all is taken back', async () => {
      for (const [index, proof] of (await pushed(stage)).entries()) {
        if (!proof) throw new Error(`nothing proves interaction ${FIRST + index}`);
        stage.prove(FIRST + index, proof);
      }
    });
  },
};

async function pushed(stage: Stage): Promise<(string | null | undefined)[]> {
  const workspace = openWorkspace(stage.root, stage.environment);
  const progress = createProgress({ isTerminal: false, color: false, out: (text) => stage.note(text.trimEnd()) });
  const airflow = airflowOf(workspace);
  const [pipeline] = await scheduledPipelines(airflow, writtenPipelines(workspace));
  const [first] = modelsOf(workspace);
  if (pipeline === undefined || first === undefined) throw new Error('there is nothing to change');
  return followPushes({ airflow, workspace, progress }, pipeline.dag_id, first.model);
}

/** The verbs of a day, where the platform runs on servers: what happened, which versions there are, secrets, room. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { scoringPipeline } from '../../compiler/link/derived-names.ts';
import { askMlflow, type Chapter } from './stage.ts';

const MODEL = 'departure_delay';
const PIPELINE = scoringPipeline(MODEL);

export const chapter: Chapter = {
  title: 'The verbs of a day',
  async run(stage) {
    const at = ['--env', stage.environment];
    await stage.check('logs shows what the steps of the newest run have printed', async () => {
      requireText(await stage.mlops('logs', PIPELINE, ...at), 'rows_scored');
    });
    await stage.check('retry does every step of the newest run again, and it ends well', async () => {
      const said = await stage.mlops('retry', PIPELINE, '--follow', ...at);
      requireText(said, `${PIPELINE} runs again: score`);
      requireText(await stage.mlops('logs', PIPELINE, ...at), 'rows_scored');
    });
    await stage.check('promote lists the versions, and says which is champion', async () => {
      const told = JSON.parse(await stage.mlops('promote', MODEL, ...at, '--format', 'json')) as { champion: string };
      const path = `registered-models/alias?name=${MODEL}&alias=champion`;
      const { model_version: found } = await askMlflow<{ model_version: { version: string } }>(stage, path);
      if (told.champion !== found.version) throw new Error(`it says ${told.champion}, and MLflow ${found.version}`);
    });
    await stage.check('secrets list names what the environment keeps, and no value', async () => {
      const said = await stage.mlops('secrets', 'list', ...at);
      for (const name of readdirSync(join(stage.state, 'secrets')))
        if (said.includes(stage.secret(name))) throw new Error(`the value of ${name} is printed`);
    });
    await stage.check('clean shows what may go, and removes nothing unasked', async () => {
      const before = readdirSync(stage.state).sort().join();
      await stage.mlops('clean');
      if (readdirSync(stage.state).sort().join() !== before) throw new Error('something is gone');
    });
  },
};

function requireText(said: string, text: string): void {
  if (!said.includes(text)) throw new Error(`'${text}' is not in\n${said}`);
}

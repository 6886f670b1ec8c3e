/** An API whose champion needs what a newer release no longer gives it stays on its own, and all else goes on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { keepApis } from '../../compiler/operate/kept-apis.ts';
import { currentRelease } from '../../compiler/operate/releases.ts';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { stopPlatform } from '../../compiler/operate/supervisor/stop.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { recordChampions } from '../../compiler/release/champions.ts';
import { deploy, startAndDeploy } from '../../compiler/release/deploy.ts';
import { eventually, withSandbox, writePlan } from './sandbox.ts';

const [API, OTHER] = [15430, 15431];
const ROOT = `\${root}`;

/** Answers with what lies in its release. */
const reader = (port: number): string[] => [
  process.execPath,
  '-e',
  `const text = require('node:fs').readFileSync(process.argv[1] + '/models/m/data.txt', 'utf8');` +
    `const told = text + (process.env.MLOPS_ACCOUNT ?? '');` +
    `require('node:http').createServer((_, answer) => answer.end(told)).listen(${port}, '127.0.0.1')`,
  ROOT,
];

/** A model with these inputs, whose API and another process answer with the text. */
function write({ checkout }: Workspace, text: string, inputs: string[]): void {
  const files = {
    'models/m/data.txt': text,
    'generated/common/runtime/models/m.json': JSON.stringify({
      model: 'm',
      inputs: inputs.map((name) => ({ name })),
      batch: null,
    }),
    'generated/common/serving/m.json': '{}',
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(checkout, path, '..'), { recursive: true });
    writeFileSync(join(checkout, path), content);
  }
}

const answer = async (port: number) => await (await fetch(`http://127.0.0.1:${port}`)).text();
const answers = async () => [await answer(API), await answer(OTHER)];
const pid = (workspace: Workspace, name: string) =>
  readRecord(workspace)?.units.find((each) => each.name === name)?.process?.pid ?? 0;

test(
  'a deploy is refused, and with --keep-api leaves the API where its champion is served',
  withSandbox({}, async ({ workspace, progress, printed }) => {
    const wish = { sides: [] };
    writePlan(workspace.checkout, {
      processes: [
        { name: 'serving-m', command: reader(API), port: API, reads: ['models/m'] },
        { name: 'other', command: reader(OTHER), port: OTHER, reads: ['models/m'] },
      ],
    });
    write(workspace, 'one', ['a']);
    const first = await deploy(workspace, progress, wish);
    assert.equal(await answers(), ['one', 'one']);
    // What a deploy of a platform with a registry leaves behind, and is asked where none answers.
    await stopPlatform(workspace);
    recordChampions(workspace, { m: { version: '3', inputs: ['a'] } });

    // As where a server that let everybody in has accounts from here on.
    writePlan(workspace.checkout, {
      processes: [
        { name: 'serving-m', command: reader(API), port: API, reads: ['models/m'], env: { MLOPS_ACCOUNT: ', known' } },
        { name: 'other', command: reader(OTHER), port: OTHER, reads: ['models/m'] },
      ],
    });
    write(workspace, 'two', ['b']);
    const refused = await deploy(workspace, progress, wish).catch((problem: unknown) => problem);
    assert.instance(refused, OperationError);
    assert.match((refused as Error).message, 'needs a, which the model no longer has');
    assert.match((refused as Error).message, '`mlops deploy --env local --keep-api m`');
    assert.is(currentRelease(workspace), first);

    const second = await deploy(workspace, progress, { ...wish, keeping: ['m'] });
    assert.is(currentRelease(workspace), second);
    assert.match(printed(), 'Its API stays as it is until a new version is champion');
    assert.equal(await answers(), ['one, known', 'two'], 'it is given what it needs to be let in');
    const before = pid(workspace, 'serving-m');
    process.kill(before, 'SIGKILL');
    await eventually('it starts again where it was', async () => {
      const now = pid(workspace, 'serving-m');
      return now !== 0 && now !== before && (await answer(API).catch(() => '')) === 'one, known';
    });

    const again = pid(workspace, 'other');
    await deploy(workspace, progress, wish); // no registry answers that m has a champion which needs `a`
    assert.equal(await answers(), ['two, known', 'two']);
    assert.is(pid(workspace, 'other'), again);

    await stopPlatform(workspace);
    keepApis(workspace, { m: first });
    await startAndDeploy(workspace, progress, { owned: false });
    assert.equal(
      await answers(),
      ['two, known', 'two'],
      'a start, after which the registry can be asked, does the same',
    );
  }),
);

test.run();

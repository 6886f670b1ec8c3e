/** What runs, runs from a release: the checkout may change under it, and a deploy touches only what differs. */
import { linkSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { atCurrent, currentRelease, knownReleases, releaseFolder, switchTo } from '../../compiler/operate/releases.ts';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { reloadProcesses, startProcesses } from '../../compiler/operate/supervisor/supervisor.ts';
import { difference } from '../../compiler/release/differs.ts';
import { makeRelease } from '../../compiler/release/make.ts';
import { eventually, type Sandbox, withSandbox, writePlan } from './sandbox.ts';

const ROOT = `\${root}`;

/** Answers with the folder that it was given, and with what lies in it. */
const reader = (port: number): string[] => [
  process.execPath,
  '-e',
  `require('node:http').createServer((_, answer) => answer.end(JSON.stringify({ root: process.argv[1], text: ` +
    `require('node:fs').readFileSync(process.argv[1] + '/models/m/data.txt', 'utf8') }))).listen(${port}, '127.0.0.1')`,
  ROOT,
];

const asked = async (port: number) =>
  (await (await fetch(`http://127.0.0.1:${port}`)).json()) as { root: string; text: string };

function write({ workspace }: Sandbox, path: string, text: string): void {
  mkdirSync(join(workspace.checkout, path, '..'), { recursive: true });
  writeFileSync(join(workspace.checkout, path), text);
}

const pids = ({ workspace }: Sandbox) =>
  Object.fromEntries((readRecord(workspace)?.units ?? []).map(({ name, process: id }) => [name, id?.pid ?? 0]));

test(
  'a process goes on, and is started again, on its release; a deploy restarts only what reads what differs',
  withSandbox({}, async (sandbox) => {
    const { workspace, progress } = sandbox;
    write(sandbox, 'models/m/data.txt', 'one');
    write(sandbox, 'models/other/data.txt', 'one');
    write(sandbox, 'models/other/model.yaml', 'trained: daily');
    writePlan(workspace.root, {
      processes: [
        { name: 'reads', command: reader(15410), port: 15410, reads: ['models/m'] },
        { name: 'other', command: reader(15411), port: 15411, reads: ['models/other'] },
        { name: 'in-place', command: reader(15412), port: 15412, reloads: true },
      ],
    });
    const first = makeRelease(workspace);
    switchTo(workspace, first.id);
    await startProcesses(atCurrent(workspace), progress, false);
    const before = pids(sandbox);

    write(sandbox, 'models/m/data.txt', 'two');
    assert.equal(await asked(15410), { root: releaseFolder(workspace, first.id), text: 'one' });
    process.kill(before['reads'] ?? 0, 'SIGKILL');
    await eventually('it is started again', () => {
      const unit = readRecord(workspace)?.units.find(({ name }) => name === 'reads');
      return unit?.restarts === 1 && unit.state === 'healthy';
    });
    assert.is((await asked(15410)).text, 'one');

    write(sandbox, 'models/other/model.yaml', 'trained: at night'); // what it compiles to is not read here
    const second = makeRelease(workspace);
    switchTo(workspace, second.id);
    const running = pids(sandbox);
    assert.is(await reloadProcesses(atCurrent(workspace), () => {}), 1);
    const after = pids(sandbox);
    assert.is.not(after['reads'], running['reads']);
    assert.is(after['other'], before['other']);
    assert.is(after['in-place'], before['in-place']);
    assert.equal(await asked(15410), { root: releaseFolder(workspace, second.id), text: 'two' });
    assert.is((await asked(15411)).root, releaseFolder(workspace, first.id), 'what it reads is equal in both');
    const inPlace = await asked(15412);
    assert.is(inPlace.text, 'two');
    assert.is(realpathSync(inPlace.root), realpathSync(releaseFolder(workspace, second.id)));
  }),
);

test(
  'a release is made once of the same content, shares its files with the one before, and none can be written',
  withSandbox({}, async (sandbox) => {
    const { workspace } = sandbox;
    write(sandbox, 'pipelines/p/steps.py', 'X = 1\n');
    write(sandbox, 'pipelines/p/run.sh', '#!/bin/sh\n');
    write(sandbox, 'pipelines/p/__pycache__/steps.pyc', 'left behind');
    write(sandbox, 'secrets/token', 'canary-of-a-secret');
    const first = makeRelease(workspace);
    switchTo(workspace, first.id);
    assert.equal(makeRelease(workspace), { ...first, isNew: false });
    write(sandbox, 'pipelines/p/run.sh', '#!/bin/bash\n');
    const second = makeRelease(workspace);
    const file = (id: string, path: string) => join(releaseFolder(workspace, id), path);
    const inode = (id: string) => statSync(file(id, 'pipelines/p/steps.py')).ino;
    assert.is(inode(second.id), inode(first.id));
    assert.is.not(inode(first.id), statSync(join(workspace.checkout, 'pipelines/p/steps.py')).ino);
    assert.is(statSync(file(first.id, 'pipelines/p/steps.py')).mode & 0o222, 0);
    assert.is(readFileSync(file(first.id, 'pipelines/p/run.sh'), 'utf8'), '#!/bin/sh\n');
    assert.throws(() => statSync(file(first.id, 'pipelines/p/__pycache__')), /ENOENT/);
    assert.throws(() => statSync(file(first.id, 'secrets')), /ENOENT/);
    // Relative paths to the state lead to the one that there is.
    assert.is(realpathSync(file(second.id, '.mlops/local')), realpathSync(workspace.state));
    assert.is(currentRelease(workspace), first.id);
    assert.equal(knownReleases(workspace).sort(), [first.id, second.id].sort());
    assert.match(difference(atCurrent(workspace)) ?? '', /differs from it: pipelines\/p\/run\.sh\. `mlops deploy/);
  }),
);

test(
  'what a release cannot keep is refused with its path, and a damaged one or half of one is made again',
  withSandbox({}, async (sandbox) => {
    const { workspace } = sandbox;
    write(sandbox, 'pipelines/p/steps.py', 'X = 1\n');
    const { id } = makeRelease(workspace);
    const steps = join(releaseFolder(workspace, id), 'pipelines/p/steps.py');
    rmSync(steps);
    writeFileSync(steps, 'X = 2\n');
    mkdirSync(join(workspace.state, 'releases', '.new-1'));
    assert.equal(makeRelease(workspace), { id, files: 4, isNew: true });
    assert.is(readFileSync(steps, 'utf8'), 'X = 1\n');
    assert.throws(() => statSync(join(workspace.state, 'releases', '.new-1')), /ENOENT/);
    symlinkSync('/etc/hostname', join(workspace.checkout, 'pipelines/p/host'));
    assert.throws(
      () => makeRelease(workspace),
      (error: Error) => error instanceof OperationError && /pipelines\/p\/host is a symbolic link/.test(error.message),
    );
    rmSync(join(workspace.checkout, 'pipelines/p/host'));
    linkSync(join(workspace.checkout, 'pipelines/p/steps.py'), join(workspace.checkout, 'pipelines/p/again.py'));
    assert.ok(makeRelease(workspace).isNew);
  }),
);

test.run();

/** What is made of what `docker` says. A stand-in says it: older versions, and broken engines, are not to be had. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startTool } from '../machine/run-tool.ts';
import { openWorkspace } from '../workspace.ts';
import { removeContainers } from './containers.ts';
import { containersNow, overrideFile, requireEngine, shownContainers } from './engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlops-engine-'));
const path = process.env['PATH'];

test.before(() => {
  const program = join(folder, 'docker');
  writeFileSync(program, '#!/bin/sh\necho "$*" >> "$0.calls"\n[ "$1" = version ] || echo "$SAID"\n');
  chmodSync(program, 0o755);
  mkdirSync(join(folder, '.mlops/prod/logs'), { recursive: true });
  process.env['PATH'] = `${folder}${delimiter}${path}`;
});

test.after(() => {
  process.env['PATH'] = path;
  delete process.env['SAID'];
  rmSync(folder, { recursive: true, force: true });
});

const saidOf = async (version: string): Promise<string | null> => {
  process.env['SAID'] = version;
  return requireEngine(openWorkspace(folder, 'prod')).then(
    () => null,
    (problem: unknown) => (problem as Error).message,
  );
};

test('Compose is taken from 2.20 on, and an older one is named', async () => {
  for (const version of ['2.20.0', 'v2.33.1', '2.100.0', '5.6.1']) assert.is(await saidOf(version), null, version);
  for (const version of ['1.29.2', '2.3.4', 'v2.19.9', 'unknown'])
    assert.match((await saidOf(version)) ?? 'taken', `Docker Compose here is ${version}; a deploy needs 2.20 or newer`);
  assert.match((await saidOf('')) ?? 'taken', 'of an unknown version');
});

const CONTRACT = { project: 'shop-prod', state: '/x', first: 'state', images: {}, services: {}, addresses: {} };
const ID = 'a'.repeat(64);
const refusalOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    (answer) => `taken: ${JSON.stringify(answer)}`,
    (problem: unknown) => (problem as Error).message,
  );

test('containers are read from what Compose prints, a line for each or a list of all', async () => {
  const workspace = openWorkspace(folder, 'prod');
  const redis = { Service: 'redis', State: 'running', Health: '', ExitCode: 0 };
  const proxy = { Service: 'proxy', State: 'exited', Health: '', ExitCode: 1 };
  for (const said of [`${JSON.stringify(redis)}\n${JSON.stringify(proxy)}`, JSON.stringify([redis, proxy])]) {
    process.env['SAID'] = said;
    assert.equal(await shownContainers(workspace, CONTRACT), [redis, proxy]);
  }
  process.env['SAID'] = '';
  assert.equal(await shownContainers(workspace, CONTRACT), []);
});

test('what is no container is said, and taken for none', async () => {
  const workspace = openWorkspace(folder, 'prod');
  for (const said of ['\u001b[31mWARN garbage', 'null', '5', '{}', '[null]', '{"Service":"redis","State":null}']) {
    process.env['SAID'] = said;
    const shown = await refusalOf(shownContainers(workspace, CONTRACT));
    assert.match(shown, '`docker compose ps` printed what is no container: ', said);
    assert.not.match(shown, '\u001b');
    assert.match(await refusalOf(containersNow(workspace, CONTRACT)), '`docker ps` printed what is no container: ');
    assert.match(await refusalOf(removeContainers(contracted())), '`docker ps` printed what is no container: ');
  }
  process.env['SAID'] = `redis ${ID}`;
  assert.equal([...(await containersNow(workspace, CONTRACT))], [['redis', ID]]);
});

/** With the contract that is read for `down`. */
function contracted() {
  mkdirSync(join(folder, 'generated/prod/compose'), { recursive: true });
  writeFileSync(join(folder, 'generated/prod/compose/containers.json'), JSON.stringify(CONTRACT));
  return openWorkspace(folder, 'prod');
}

test('containers whose state is gone are removed by the name of their project', async () => {
  const workspace = contracted();
  process.env['SAID'] = `redis ${ID}`;
  assert.not(existsSync(overrideFile(workspace)));
  assert.is(await removeContainers(workspace), 1);
  const calls = readFileSync(join(folder, 'docker.calls'), 'utf8').trim().split('\n');
  assert.is(calls.at(-1), 'compose --project-name shop-prod down --remove-orphans');
});

test('what hangs is not waited for, whatever it has started', async () => {
  const call = { cwd: folder, env: { PATH: process.env['PATH'] ?? '' }, log: join(folder, 'x.log'), capture: true };
  const command = ['sh', '-c', 'echo begun; sleep 20 & wait'];
  const { exit, output } = await startTool({ ...call, command, patience: 0.5 });
  assert.equal([exit, output], ['no end within 0.5 s', 'begun\n']);
  assert.is((await startTool({ ...call, command: ['true'], patience: 20 })).exit, '0');
});

test.run();

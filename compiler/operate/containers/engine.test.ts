/** Which versions of Compose a deploy takes. A stand-in says the versions: older ones are not to be had any more. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openWorkspace } from '../workspace.ts';
import { requireEngine } from './engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlops-engine-'));
const path = process.env['PATH'];

test.before(() => {
  const program = join(folder, 'docker');
  writeFileSync(program, '#!/bin/sh\n[ "$1" = version ] || echo "$SAID"\n');
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

test.run();

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const PROGRAM = join(import.meta.dirname, '../../bin/mlops.js');

for (const { name } of readdirSync(import.meta.dirname, { withFileTypes: true }).filter((each) => each.isDirectory()))
  test(`nothing is found in the repository '${name}'`, () => {
    const cwd = join(import.meta.dirname, name);
    const { stdout, stderr, status } = spawnSync('node', [PROGRAM, 'validate', '--format', 'json'], {
      cwd,
      encoding: 'utf8',
    });
    assert.is(status, 0, stderr);
    assert.equal((JSON.parse(stdout) as { findings: unknown[] }).findings, []);
  });

test.run();

/** The workflows of GitHub, as its linters read them. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const root = join(import.meta.dirname, '../../..');
const tools = process.env['MLOPS_TOOLS'] ?? join(homedir(), '.cache', 'mlops', 'tools');

for (const [name, program, words] of [
  ['actionlint', 'actionlint/actionlint', ['-no-color']],
  ['zizmor', 'zizmor/bin/zizmor', ['--offline', '--persona', 'pedantic', '--no-progress', '.github']],
] as const)
  test(`${name} has nothing to say of the workflows`, () => {
    const path = join(tools, program);
    assert.ok(existsSync(path), `${name} is not installed on this machine: \`npm run servers:install\` installs it.`);
    const { status, stdout, stderr } = spawnSync(path, words, { cwd: root, encoding: 'utf8' });
    assert.is(status, 0, `${stdout}${stderr}`);
  });

test.run();

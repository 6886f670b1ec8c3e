import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startsNothing } from './starts-nothing.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlops-policy-'));
const policy = join(folder, 'policy-rc.d');
/** What Debian's `invoke-rc.d` and `deb-systemd-invoke` do with it. */
const answer = (): number => {
  try {
    execFileSync(policy, ['redis-server', 'start']);
    return 0;
  } catch (problem) {
    return (problem as { status: number }).status;
  }
};

test.after(() => rmSync(folder, { recursive: true }));

test('while something is installed, starting a server is forbidden, and afterwards nobody forbids it', async () => {
  assert.is(await startsNothing(async () => answer(), policy), 101);
  assert.not(existsSync(policy));
  const failing = startsNothing(() => Promise.reject(new Error('no such package')), policy);
  assert.match(await failing.catch((problem: Error) => problem.message), 'no such package');
  assert.not(existsSync(policy));
});

test("somebody's own policy is left alone", async () => {
  writeFileSync(policy, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  assert.is(await startsNothing(async () => answer(), policy), 0);
  assert.is(readFileSync(policy, 'utf8'), '#!/bin/sh\nexit 0\n');
  rmSync(policy);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const)
  test(`an installation that ${signal} ends forbids nothing for long`, async () => {
    const [module, path] = [join(import.meta.dirname, 'starts-nothing.ts'), policy].map((each) => JSON.stringify(each));
    const source = `import { startsNothing } from ${module};
      const work = () => new Promise(() => { console.log('begun'); setInterval(() => {}, 1000); });
      await startsNothing(work, ${path});`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    assert.ok(existsSync(policy));
    child.kill(signal);
    await once(child, 'exit');
    // What was killed could not; the next installation does.
    assert.is(existsSync(policy), signal === 'SIGKILL');
    await startsNothing(async () => {}, policy);
    assert.not(existsSync(policy));
  });

test.run();

/** `mlops servers install` where nothing can be installed: it says what is missing, and leaves nothing behind. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../../compiler/cli.ts';
import { tools } from '../../compiler/tools/registry.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlops-servers-verb-'));
const jars = tools.flatMap(({ install }) => install?.jars ?? []);

test.before.each(() => {
  process.env['PATH'] = '';
  process.env['MLOPS_TOOLS'] = folder;
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

async function mlops(...words: string[]): Promise<{ exit: number; printed: string }> {
  let printed = '';
  const write = (text: string) => {
    printed += text;
  };
  return { exit: await main(words, { out: write, err: write }), printed };
}

test('each server that cannot be installed has its sentence, and the others are tried', async () => {
  const { exit, printed } = await mlops('servers', 'install');
  assert.is(exit, 1, printed);
  const lines = printed.trim().split('\n');
  assert.is(lines.length, 1 + jars.length, printed);
  // Nobody but root may install packages, and without a PATH there is no apt-get.
  assert.match(lines[0] ?? '', /^✗ Debian's packages: (run as root: apt-get install|apt-get is not on this machine)/);
  for (const line of lines.slice(1)) assert.match(line, 'mvn is not on this machine; the servers come by it.');
  assert.equal(readdirSync(folder), []);
});

test('what is there already is left as it is', async () => {
  for (const { folder: name } of jars) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'server.jar'), 'mine');
  }
  const { printed } = await mlops('servers', 'install');
  assert.is(printed.match(/✓ .*: there already/g)?.length, jars.length, printed);
  for (const { folder: name } of jars) assert.equal(readdirSync(join(folder, name)), ['server.jar']);
});

test('another action is a mistake of usage', async () => {
  const { exit, printed } = await mlops('servers', 'instal');
  assert.is(exit, 2);
  assert.match(printed, 'servers has the action install');
});

test.run();

/** `mlops rename` on a whole repository: all or nothing, there and back to the same bytes. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../cli.ts';
import { readRepository } from './faults/repository.ts';

const PLATFORM = join(import.meta.dirname, 'platforms/flights');
const VIEW = 'features/plane_delays.yaml';

async function inRepository(work: (root: string, mlops: Call) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'mlops-rename-'));
  const call = (...args: string[]) => callIn(root, args);
  try {
    cpSync(PLATFORM, root, { recursive: true });
    await work(root, call);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

type Call = (...args: string[]) => ReturnType<typeof callIn>;

async function callIn(root: string, args: string[]) {
  const [out, err]: string[][] = [[], []];
  const exit = await main(['-C', root, ...args], {
    out: (text) => void out?.push(text),
    err: (text) => void err?.push(text),
  });
  return { exit, out: out?.join('') ?? '', err: err?.join('') ?? '' };
}

test('a feature is renamed in specs and Python, with what must follow; back again gives the same bytes', () =>
  inRepository(async (root, mlops) => {
    const before = readRepository(root);
    const dry = await mlops('rename', 'feature', 'plane_delays/last_delay', 'newest_delay', '--dry-run');
    assert.is(dry.exit, 0, dry.err);
    assert.equal(readRepository(root), before);
    const there = await mlops('rename', 'feature', 'plane_delays/last_delay', 'newest_delay');
    assert.is(there.exit, 0, there.err);
    assert.match(there.out, `changed  ${VIEW}\n`);
    assert.match(there.out, "feature plane_delays.last_delay is 'newest_delay': ");
    assert.match(there.out, 'Needs training\n  model departure_delay');
    assert.match(there.out, '\nThen run\n');
    assert.match(readFileSync(join(root, VIEW), 'utf8'), /^ +newest_delay:/m);
    const changed = readRepository(root);
    const files = [...changed].filter(([path, text]) => text !== before.get(path)).map(([path]) => path);
    assert.ok(
      files.some((path) => path.endsWith('.py')),
      files.join(),
    );
    const back = await mlops('rename', 'feature', 'newest_delay', 'last_delay', '--format', 'json');
    assert.equal(JSON.parse(back.out).files, files.sort());
    assert.equal(readRepository(root), before);
  }));

test('what is not there, is taken, or would not compile is refused in a sentence, and nothing is written', () =>
  inRepository(async (root, mlops) => {
    const before = readRepository(root);
    const refusals: [number, string[], string][] = [
      [2, ['feature', 'plane_delays/last_dealy', 'x'], "did you mean 'plane_delays.last_delay'?"],
      [2, ['featur', 'last_delay', 'x'], "'featur' is no kind of name; did you mean 'feature'?"],
      [2, ['feature', '__proto__', 'x'], "there is no feature '__proto__'"],
      [1, ['feature', 'plane_delays/last_delay', 'last_delay'], "It is called 'last_delay' already."],
      [1, ['feature', 'plane_delays/last_delay', 'Not A Name'], "'Not A Name' is not"],
      [1, ['feature', 'plane_delays/last_delay', '\u001b[2J'], 'is not'],
      [1, ['view', 'plane_delays', 'x'], 'A feature view cannot be renamed by itself: its name is also that of'],
    ];
    for (const [exit, args, said] of refusals) {
      const refused = await mlops('rename', ...args);
      assert.is(refused.exit, exit, `${args.join(' ')}: ${refused.err}`);
      assert.match(refused.err, said);
      assert.not.match(refused.err, '\u001b');
      assert.equal(readRepository(root), before);
    }
    writeFileSync(join(root, VIEW), `${before.get(VIEW)}nonsense: 1\n`);
    const broken = await mlops('rename', 'feature', 'last_delay', 'newest_delay');
    assert.is(broken.exit, 1);
    assert.match(broken.err, 'The specs have errors, so nothing is renamed');
  }));

test.run();

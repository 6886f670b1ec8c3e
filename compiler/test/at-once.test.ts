/**
 * Several compiles and validates of one repository at the same moment, some of them killed: `generated/` is always one
 * whole tree.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, emit } from '../compile.ts';
import type { Artifact } from '../render/artifact.ts';
import { readSources } from '../source/read.ts';
import { readGenerated } from '../write/folder.ts';
import { isCurrent, planWrite } from '../write/plan.ts';
import { BASE } from './cases.ts';
import { numbers } from './numbers.ts';
import { SEED, TIMES } from './runs.ts';

const ROUNDS = 12 * TIMES;

interface Worker {
  process: ChildProcess;
  lines: Interface;
  answer(): Promise<{ exit: number; printed: string } | null>;
}

async function startWorker(): Promise<Worker> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'at-once/worker.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const iterator = lines[Symbol.asyncIterator]();
  await iterator.next();
  const answer = async () => {
    const { value, done } = await iterator.next();
    return done ? null : (JSON.parse(value) as { exit: number; printed: string });
  };
  return { process: child, lines, answer };
}

const compiled = (root: string): Artifact[] => {
  const { ir } = analyse(readSources(root));
  assert.ok(ir);
  return emit(ir);
};

const isWhole = (root: string, artifacts: Artifact[]): boolean =>
  isCurrent(planWrite(artifacts, readGenerated(root, artifacts)));

test(`whole trees only, in ${ROUNDS} rounds of two to four at once, with kills`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'at-once-'));
  const root = join(folder, 'repository');
  const random = numbers(SEED);
  const workers = await Promise.all([0, 1, 2, 3].map(startWorker));
  let [killed, whole] = [0, 0];
  let before: Artifact[] = [];
  try {
    cpSync(BASE, root, { recursive: true });
    const platform = readFileSync(join(root, 'platform.yaml'), 'utf8');
    const version = (number: number) => platform.replace(/^name: (.*)$/m, `name: $1_${number}`);
    for (let round = 0; round < ROUNDS; round += 1) {
      writeFileSync(join(root, 'platform.yaml'), version(round));
      const wanted = compiled(root);
      const playing = workers.slice(0, 2 + Math.floor(random() * 3));
      for (const [index, { process: child }] of playing.entries())
        child.stdin?.write(`${JSON.stringify(['-C', root, index > 0 && random() < 0.3 ? 'validate' : 'compile'])}\n`);
      const victims = random() < 0.3 ? playing : random() < 0.7 ? playing.slice(-1) : [];
      if (victims.length > 0) await sleep(random() * 120);
      for (const victim of victims) victim.process.kill('SIGKILL');
      killed += victims.length;
      for (const worker of playing) {
        const answered = await worker.answer();
        if (answered) assert.is(answered.exit, 0, answered.printed);
        // One that had answered already is as dead as the others.
        if (victims.includes(worker)) workers[workers.indexOf(worker)] = await startWorker();
      }
      const isNew = isWhole(root, wanted);
      // Where nobody lived to the end, the old tree may stand, and the next compile finds nothing in its way.
      assert.ok(isNew || (victims === playing && isWhole(root, before)), `round ${round}`);
      whole += 1;
      before = isNew ? wanted : before;
    }
    for (const worker of workers) {
      worker.process.stdin?.write(`${JSON.stringify(['-C', root, 'compile'])}\n`);
      assert.is((await worker.answer())?.exit, 0);
    }
    assert.equal(
      readdirSync(root).filter((name) => name.startsWith('.generated')),
      [],
      'something is left beside generated/',
    );
    console.log(`figure: ${ROUNDS} rounds of compiles at once, ${killed} kills: ${whole} whole trees`);
  } finally {
    for (const { process: child, lines } of workers) {
      lines.close();
      child.kill('SIGKILL');
    }
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();

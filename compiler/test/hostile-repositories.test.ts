/**
 * Repositories that are made to harm who checks them, each inside the checkout and with `-C`: nothing runs, nothing is
 * written but `generated/`, every command ends with an answer, and what it prints is harmless.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inParallel } from '../../scripts/testing/in-parallel.ts';
import { Editor } from './editor-client.ts';
import { type Answer, inTime, onGround, type Run, runProgram } from './hostile/ground.ts';
import { links } from './hostile/links.ts';
import { loading } from './hostile/loading.ts';
import { type Ground, OUTSIDE_TEXT, type Scene } from './hostile/scene.ts';
import { changes, snapshot } from './hostile/snapshot.ts';
import { texted } from './hostile/texts.ts';

const BIN = join(import.meta.dirname, '../../bin');
const runProcess = runProgram(join(BIN, 'mlops.js'));
/** What the compiler calls its own, in the repository. */
const isOwn = (path: string): boolean => /^repository\/(generated|\.generated\.(new|old|lock))(\/|$)/.test(path);

const FORMATS = ['text', 'github', 'json', 'sarif'];

const commands = (format: string) => [['validate', '--format', format], ['compile'], ['fix']];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be printed
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const COMMAND = /^\s*::(?!(error|warning) file=[^\n]*,title=[A-Z]{3}\d{3}::)/m;

function assertHarmless({ exit, out, err }: Answer, what: string): void {
  assert.ok(exit === 0 || exit === 1 || exit === 2, `${what}: exit code ${exit}\n${err}`);
  for (const printed of [out, err]) {
    assert.not.match(printed, HARMFUL, what);
    assert.not.match(printed, COMMAND, what);
    assert.not.ok(printed.includes(OUTSIDE_TEXT), `${what} shows what stands outside`);
  }
}

async function tryOut(scene: Scene, format: string, run: Run): Promise<void> {
  const { name, put, validate, compile, mends = [], isSlow } = scene;
  for (const place of isSlow ? ['inside'] : ['inside', '-C'])
    await onGround(put, async (ground) => {
      const { folder, root, canary } = ground;
      const isLeftOut = (path: string) => isOwn(path) || mends.some((each) => path === `repository/${each}`);
      const before = snapshot(folder, isLeftOut);
      for (const argv of commands(format).slice(0, isSlow ? 1 : place === 'inside' ? 3 : 2)) {
        const what = `${name} (${place}): mlops ${argv.join(' ')}`;
        const answer = await (place === 'inside' ? run(root, argv) : run('/', ['-C', root, ...argv]));
        assertHarmless(answer, what);
        if (argv[0] === 'validate') assert.is(answer.exit, validate, `${what}\n${answer.out}${answer.err}`);
        if (argv.length === 1 && argv[0] === 'compile' && mends.length === 0)
          assert.is(answer.exit, compile ?? validate, `${what}\n${answer.out}${answer.err}`);
      }
      assert.not.ok(existsSync(canary), `${name} (${place}): something was executed`);
      assert.equal(changes(before, snapshot(folder, isLeftOut)), [], `${name} (${place}): something was written`);
    });
}

/** One that has loaded the compiler; it is killed where it does not answer. */
async function startWorker(): Promise<{ run: Run; end(): void }> {
  const argv = ['--import', join(BIN, 'register.js'), join(import.meta.dirname, 'hostile/worker.ts')];
  const child = spawn(process.execPath, argv, { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
  // One that has died is told by its missing answer.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  const run: Run = async (cwd, argv) => {
    child.stdin.write(`${JSON.stringify({ cwd, argv })}\n`);
    const { value, done } = await inTime(child, lines.next());
    return done ? { exit: null, out: '', err: 'it was killed, or died' } : (JSON.parse(value) as Answer);
  };
  return { run, end: () => void child.kill('SIGKILL') };
}

const scenes = [...links, ...texted];

test(`${scenes.length} hostile repositories, inside the checkout and with -C`, async () => {
  const workers = await Promise.all(Array.from({ length: Math.max(1, cpus().length) }, startWorker));
  const free = [...workers];
  const failed: Error[] = [];
  try {
    await inParallel([...scenes.entries()], workers.length, async ([index, scene]) => {
      const worker = free.pop();
      assert.ok(worker);
      await tryOut(scene, FORMATS[index % FORMATS.length] ?? 'text', worker.run).catch((problem) =>
        failed.push(problem),
      );
      free.push(worker);
    });
  } finally {
    for (const { end } of workers) end();
  }
  assert.equal(
    failed.map(({ message, stack }) => `${message}\n${stack}`),
    [],
  );
  const all = scenes.length + loading.length;
  console.log(`figure: ${all} hostile repositories, inside the checkout and with -C: nothing ran, nothing was written`);
});

/** Whatever is loaded when the command starts is tried with the command itself. */
test(`${loading.length} repositories whose files ask to be loaded, by the command itself`, async () => {
  await inParallel(loading, Math.max(1, cpus().length), ({ put }) =>
    onGround(put, async ({ root, canary }) => {
      const answer = await runProcess(root, ['compile']);
      assert.is(answer.exit, 0, answer.err);
      assert.not.ok(existsSync(canary));
    }),
  );
});

const putAll = (ground: Ground): void => {
  for (const { put } of loading) put(ground);
};

test('all of those files in one repository: validate and fix inside, compile with -C', async () => {
  await onGround(putAll, async ({ folder, root, canary }) => {
    const before = snapshot(folder, isOwn);
    for (const [cwd, argv] of [
      [root, ['validate']],
      [root, ['fix']],
      ['/', ['-C', root, 'compile']],
    ] as const) {
      const answer = await runProcess(cwd, argv);
      assertHarmless(answer, argv.join(' '));
      assert.is(answer.exit, 0, answer.err);
    }
    assert.not.ok(existsSync(canary));
    assert.equal(changes(before, snapshot(folder, isOwn)), []);
  });
});

test('an editor in such a repository', async () => {
  await onGround(putAll, async ({ folder, root, canary }) => {
    const before = snapshot(folder, isOwn);
    const editor = new Editor(new Map(), root);
    await editor.start();
    await editor.open('features/clicks.yaml');
    await editor.type('features/clicks.yaml', 'entity: customer', 'entity: custmer');
    await editor.told('features/clicks.yaml', (codes) => codes.includes('FEA001'));
    await editor.stop();
    assert.not.ok(existsSync(canary));
    assert.equal(changes(before, snapshot(folder, isOwn)), []);
  });
});

test.run();

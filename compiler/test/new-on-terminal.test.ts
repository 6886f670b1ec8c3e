/** What `mlops new` asks where somebody sits at a terminal: a real one, which Python's pty makes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../cli.ts';

const test = suite<{ root: string }>('mlops new on a terminal');
const PROGRAM = join(import.meta.dirname, '../../bin/mlops.js');

/** Answers each question, which ends with the choices in parentheses, with the next of the keys; prints all. */
const TYPIST = `
import json, os, pty, sys
command, keys = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
seen, asked = b"", 0
while True:
    try:
        read = os.read(terminal, 4096)
    except OSError:
        break
    if not read:
        break
    seen += read
    if seen.count(b"? (") > asked and seen.rstrip().endswith(b")"):
        os.write(terminal, keys[asked].encode())
        asked += 1
sys.stdout.write(seen.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

function typed(root: string, words: string[], keys: string[]): { status: number | null; shown: string } {
  const command = [process.execPath, PROGRAM, '-C', root, 'new', ...words];
  const { status, stdout, stderr } = spawnSync('python3', ['-c', TYPIST, JSON.stringify([command, keys])], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', TERM: 'dumb' },
    timeout: 300_000,
  });
  return { status, shown: stdout + stderr };
}

test.before(async (scene) => {
  scene.root = mkdtempSync(join(tmpdir(), 'mlops-terminal-'));
  await main(['-C', scene.root, 'init', 'shop', '--example'], { out: () => {}, err: () => {} });
  scene.root = join(scene.root, 'shop');
});
test.after(({ root }) => rmSync(join(root, '..'), { recursive: true, force: true }));

test('no answer, by return or by Ctrl-D, writes nothing and says what it needs', ({ root }) => {
  for (const key of ['\n', '\u0004']) {
    const { status, shown } = typed(root, ['model', 'late'], [key]);
    assert.is(status, 2, shown);
    assert.match(shown, /new model late needs --from-table \(orders, store_deliveries\)/);
  }
  assert.not.ok(existsSync(join(root, 'models/late')));
});

test('what is not given is asked, one question after another, and then it is written', ({ root }) => {
  const { status, shown } = typed(root, ['model', 'late'], ['orders\n', 'minutes\n', 'delivered_at\n']);
  assert.is(status, 0, shown);
  assert.match(shown, /new +models\/late\/model\.yaml/);
  assert.ok(existsSync(join(root, 'models/late/model.yaml')));
});

test.run();

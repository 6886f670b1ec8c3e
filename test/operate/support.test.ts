/** `mlops support`: what a report needs, of a platform that runs and of a broken one, and no secret in it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseTar } from 'nanotar';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mlops } from './cli.ts';
import { node, type Sandbox, withSandbox } from './sandbox.ts';

const out = mkdtempSync(join(tmpdir(), 'mlops-support-'));
test.after(() => rmSync(out, { recursive: true }));

let archives = 0;

/** Its files by name, and all of its bytes. */
async function support(sandbox: Sandbox): Promise<{ printed: string; files: Map<string, string>; bytes: Buffer }> {
  const file = join(out, `${++archives}.tar.gz`);
  const { exit, printed } = await mlops(sandbox, 'support', '--out', file);
  assert.is(exit, 0, printed);
  const bytes = gunzipSync(readFileSync(file));
  const files = parseTar(bytes).map(({ name, text }) => [name.replace('mlops-support-local/', ''), text] as const);
  return { printed, files: new Map(files), bytes };
}

/** One for each place where a value of a secret can stand. */
const KEPT = 'canary kept "quoted" ü/1';
const OF_FILE = 'canary-of-a-file-2';
const OF_KEY = 'canaryLineOneOfAKey333\ncanaryLineTwoOfAKey444';
const OF_SHELL = 'canary-of-the-shell-5';
const CANARIES = [KEPT, OF_FILE, ...OF_KEY.split('\n'), OF_SHELL];

/** As programs write them into their logs. */
const written = (value: string): string[] => [
  value,
  encodeURIComponent(value),
  JSON.stringify({ value }),
  JSON.stringify(JSON.stringify(value)),
  Buffer.from(value).toString('base64'),
  Buffer.from(`user:${value}`).toString('base64'),
  Buffer.from(`u:${value}:more`).toString('base64url'),
  Buffer.from(value).toString('hex'),
];

const all = CANARIES.flatMap(written);

const talker = (port: number) => ({
  name: 'talker',
  command: node(
    `console.log(process.env.KEY); const said = process.env.GREETING.slice(5) + '/said.txt'; ` +
      `console.log(require('node:fs').readFileSync(said, 'utf8')); ` +
      `require('node:http').createServer((_, answer) => answer.end('ok')).listen(${port}, '127.0.0.1')`,
  ),
  port,
});

function plant({ workspace }: Sandbox): void {
  const { root, state } = workspace;
  mkdirSync(join(root, 'generated/local/runtime'), { recursive: true });
  const settings = { url: 'https://u:Xy7pQ9sLmN2v@example.org/' };
  const connections = { helpdesk: { settings, secrets: { a: 'of-file', b: 'of-key' } } };
  writeFileSync(
    join(root, 'generated/local/runtime/environment.json'),
    JSON.stringify({ secrets: { provider: 'file', dir: 'secrets' }, connections }),
  );
  mkdirSync(join(root, 'secrets'));
  writeFileSync(join(root, 'secrets/of-file'), `${OF_FILE}\n`);
  writeFileSync(join(root, 'secrets/of-key'), OF_KEY);
  mkdirSync(join(state, 'kept-secrets'), { recursive: true });
  writeFileSync(join(state, 'kept-secrets/MLOPS_SECRET_KEPT'), KEPT);
  writeFileSync(join(state, 'said.txt'), all.join('\n'));
}

test(
  'of a platform that runs there are versions, specs, releases, ledger, status and logs, and none of its secrets',
  withSandbox({ processes: [talker(15413)] }, async (sandbox) => {
    process.env['MLOPS_SECRET_OF_SHELL'] = OF_SHELL;
    try {
      plant(sandbox);
      const up = await mlops(sandbox, 'up');
      assert.is(up.exit, 0, up.printed);
      writeFileSync(join(sandbox.workspace.root, 'platform.yaml'), 'platform: {name: p}\n');
      const made = readFileSync(join(sandbox.workspace.state, 'secrets/key'), 'utf8');
      const { printed, files, bytes } = await support(sandbox);
      for (const name of ['versions', 'specs', 'releases', 'status', 'supervisor', 'settings/processes'])
        assert.ok(JSON.parse(files.get(`${name}.json`) ?? ''), name);
      assert.equal(Object.keys(JSON.parse(files.get('specs.json') ?? '')), ['platform.yaml']);
      assert.match(files.get('ledger.jsonl') ?? '', '"event":"ended"');
      assert.is(JSON.parse(files.get('status.json') ?? '').processes[0].state, 'healthy');
      assert.match(files.get('logs/talker.log') ?? '', '[secret MLOPS_SECRET_KEPT]');
      assert.match(files.get('logs/talker.log') ?? '', '[secret key]');
      assert.match(files.get('README.txt') ?? '', '- logs/talker.log');
      assert.match(printed, /\d+ files, .*secrets covered\.\n/);
      const text = bytes.toString('utf8');
      const leaked = [...all, ...written(made), 'Xy7pQ9sLmN2v'].filter((each) => text.includes(each));
      assert.equal(leaked, []);
      // Of what stands within something longer, the middle must be gone, too.
      assert.equal(
        CANARIES.filter((each) => text.includes(each)),
        [],
      );
    } finally {
      delete process.env['MLOPS_SECRET_OF_SHELL'];
    }
  }),
);

test(
  'of a broken platform there is what can be read, and a sentence for what cannot; no file is overwritten',
  withSandbox({ processes: [] }, async (sandbox) => {
    const { root, state, logs, run } = sandbox.workspace;
    const nothing = await support(sandbox);
    assert.match(nothing.files.get('README.txt') ?? '', /- state\.txt: ENOENT/);
    for (const folder of [join(logs, 'api.log'), join(state, 'ledger.jsonl'), run])
      mkdirSync(folder, { recursive: true });
    writeFileSync(join(logs, 'big.log'), `${'x'.repeat(99)}\n`.repeat(50_000));
    writeFileSync(join(logs, 'wide.log'), `${'y'.repeat(500_000)}\nlast\n`);
    writeFileSync(join(run, 'supervisor.json'), '{"cut');
    writeFileSync(join(root, 'generated/local/process/processes.json'), '{"cut');
    const { printed, files, bytes } = await support(sandbox);
    assert.match(files.get('logs/api.log') ?? '', 'a folder stands where its log belongs');
    assert.ok((files.get('logs/big.log') ?? '').split('\n').length <= 401);
    assert.match(printed, 'not whole: status.json: ');
    assert.match(printed, 'not whole: logs/wide.log: only the last 262144 of ');
    assert.is(files.get('supervisor.json'), '{"cut');
    assert.ok(bytes.length < 1_000_000);
    const again = await mlops(sandbox, 'support', '--out', join(out, `${archives}.tar.gz`));
    assert.is(again.exit, 2);
    assert.match(again.printed, 'is there already; move it away, or name another file with --out');
    mkdirSync(join(state, 'kept-secrets/MLOPS_SECRET_A'), { recursive: true });
    writeFileSync(join(state, 'kept-secrets/MLOPS_SECRET_B'), 'z'.repeat(100_000));
    const unread = await mlops(sandbox, 'support', '--out', join(out, 'unread.tar.gz'));
    assert.is(unread.exit, 2);
    assert.match(unread.printed, /Nothing was written: a log may hold a secret .*MLOPS_SECRET_B/);
  }),
);

test.run();

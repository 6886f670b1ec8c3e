/** `mlops secrets`: a value goes from standard input into its owner's file, and at the next deploy to who reads it. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { atCurrent } from '../../compiler/operate/releases.ts';
import { supervisorRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { changedSecrets, reloadProcesses } from '../../compiler/operate/supervisor/supervisor.ts';
import { deploy } from '../../compiler/release/deploy.ts';
import { begin, mlops } from './cli.ts';
import { node, type Sandbox, withSandbox } from './sandbox.ts';

const VARIABLE = 'MLOPS_SECRET_HELPDESK_TOKEN';
const FIRST = 'first $(touch x) `y` \u00e9';

function compiled({ workspace }: Sandbox, secrets: object): void {
  const folder = join(workspace.root, 'generated/local/runtime');
  mkdirSync(folder, { recursive: true });
  const connections = { helpdesk: { settings: {}, secrets: { token: 'helpdesk-token' } } };
  writeFileSync(join(folder, 'environment.json'), JSON.stringify({ secrets, connections }));
}

async function set(sandbox: Sandbox, name: string, value: string) {
  const call = begin(sandbox, 'secrets', 'set', name);
  call.child.stdin?.end(value);
  return { exit: await call.exit, printed: call.printed() };
}

/** Without links: a release has one that leads back to the state. */
const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

const reader = (port: number) => ({
  name: 'reader',
  command: node(
    `require('node:http').createServer((_, answer) => answer.end(process.env.${VARIABLE} ?? 'none'))` +
      `.listen(${port}, '127.0.0.1')`,
  ),
  port,
  takes: [VARIABLE],
});

test(
  'what was set reaches whoever takes it at the next deploy, which says so, and stands in no record, log or command',
  withSandbox({ processes: [reader(15405)] }, async (sandbox) => {
    const { workspace, progress } = sandbox;
    const read = async () => (await fetch('http://127.0.0.1:15405')).text();
    compiled(sandbox, { provider: 'env' });
    assert.match(
      (await mlops(sandbox, 'secrets', 'list')).printed,
      /^helpdesk-token {2}missing +MLOPS_SECRET_HELPDESK_TOKEN\n/,
    );
    const first = await set(sandbox, 'helpdesk-token', `${FIRST}\n`);
    assert.is(first.exit, 0, first.printed);
    assert.match(first.printed, /^'helpdesk-token' of local is set /);
    assert.match((await set(sandbox, 'helpdesk-token', FIRST)).printed, 'has that value already; nothing was changed');
    assert.is((await mlops(sandbox, 'up')).exit, 0);
    assert.is(await read(), FIRST);

    await set(sandbox, 'helpdesk-token', 'second value\r\n');
    assert.is(await read(), FIRST, 'until the deploy');
    assert.is(await reloadProcesses(atCurrent(workspace), progress.line), 1);
    assert.is(await read(), 'second value');
    assert.is(await reloadProcesses(atCurrent(workspace), progress.line), 0);

    const file = join(workspace.state, 'kept-secrets', VARIABLE);
    assert.is(statSync(file).mode & 0o777, 0o600);
    assert.is(statSync(join(workspace.state, 'kept-secrets')).mode & 0o777, 0o700);
    const holding = below(workspace.root).filter((path) => /first \$|second value/.test(readFileSync(path, 'latin1')));
    assert.equal(holding, [file]);
    assert.not.match((await mlops(sandbox, 'secrets', 'list', '--format', 'json')).printed, 'second value');
    assert.match((await mlops(sandbox, 'secrets', 'list', '--show')).printed, 'second value');
  }),
);

test(
  'a value that changed in a file is said by the next deploy, once, and nothing has to start again for it',
  withSandbox({ processes: [reader(15409)] }, async (sandbox) => {
    const { workspace, progress } = sandbox;
    compiled(sandbox, { provider: 'file', dir: 'secrets' });
    await set(sandbox, 'helpdesk-token', FIRST);
    assert.is((await mlops(sandbox, 'up')).exit, 0);
    assert.equal(changedSecrets(atCurrent(workspace)), []);
    await set(sandbox, 'helpdesk-token', 'second value');
    assert.equal(changedSecrets(atCurrent(workspace)), ['helpdesk-token']);
    await deploy(workspace, progress);
    assert.match(sandbox.printed(), 'none started again; new values of helpdesk-token');
    assert.equal(changedSecrets(atCurrent(workspace)), []);
    assert.not.match(readFileSync(supervisorRecord(workspace).path, 'utf8'), 'second value');
  }),
);

test(
  'a value in the command, none, or a name that nobody refers to is refused, and no message repeats a value',
  withSandbox({}, async (sandbox) => {
    compiled(sandbox, { provider: 'file', dir: 'secrets' });
    const argument = await mlops(sandbox, 'secrets', 'set', 'helpdesk-token', 'hunter2');
    assert.is(argument.exit, 2);
    assert.not.match(argument.printed, 'hunter2');
    const refusals: [string, string, string][] = [
      [
        'helpdesk-tokem',
        'hunter2',
        "no compiled spec refers to a secret 'helpdesk-tokem'; did you mean 'helpdesk-token'?",
      ],
      ['../../x', 'hunter2', 'no compiled spec refers to'],
      ['helpdesk-token', '', 'no value was given'],
      ['helpdesk-token', '\n', 'no value was given'],
      ['helpdesk-token', 'hunter2\0', 'a value cannot hold a zero byte'],
      ['helpdesk-token', 'hunter2'.repeat(20_000), 'a value has at most 64 kB'],
    ];
    for (const [name, value, said] of refusals) {
      const refused = await set(sandbox, name, value);
      assert.is(refused.exit, 2, refused.printed);
      assert.match(refused.printed, said);
      assert.not.match(refused.printed, 'hunter2');
    }
    assert.is((await set(sandbox, 'helpdesk-token', 'kept')).exit, 0);
    const file = join(sandbox.workspace.root, 'secrets/helpdesk-token');
    assert.is(readFileSync(file, 'utf8'), 'kept');
    assert.is(statSync(file).mode & 0o777, 0o600);
    assert.match((await mlops(sandbox, 'secrets', 'sett')).printed, 'secrets has the actions set, list, make');
    assert.match(
      (await mlops(sandbox, 'secrets', 'list', '--env', 'stagin')).printed,
      "There is no environment 'stagin'",
    );
  }),
);

test.run();

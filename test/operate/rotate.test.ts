/** `mlops secrets rotate`: another value for what the platform made for itself, everywhere or nowhere. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { atCurrent } from '../../compiler/operate/releases.ts';
import { changedSecrets, reloadProcesses } from '../../compiler/operate/supervisor/supervisor.ts';
import { begin as beginAttempt } from '../../compiler/release/ledger.ts';
import { rotate } from '../../compiler/release/rotate.ts';
import { begin, mlops } from './cli.ts';
import { refusal } from './refusal.ts';
import { eventually, node, type Sandbox, server, withSandbox } from './sandbox.ts';

const fileOf = ({ workspace }: Sandbox): string => join(workspace.state, 'secrets/own');
const kept = (sandbox: Sandbox): string => readFileSync(fileOf(sandbox), 'utf8');
const held = async (port: number): Promise<{ key: string; pid: number }> =>
  (await (await fetch(`http://127.0.0.1:${port}`)).json()) as { key: string; pid: number };

/** One that holds the secret `own`, and one that does not. */
const two = (port: number) => ({
  processes: [
    { name: 'holder', command: server(port), port, env: { KEY: `\${secret:own}` } },
    { name: 'other', command: server(port + 1), port: port + 1 },
  ],
});

/** It comes up with the value that it began with; one that is `offended` never again after another. */
const fussy = (port: number, kind: 'first' | 'offended') => ({
  name: 'fussy',
  command: node(
    `const fs = require('node:fs'); const kept = process.env.PLACE + '/first', other = process.env.PLACE + '/other';` +
      `if (!fs.existsSync(kept)) fs.writeFileSync(kept, process.env.KEY);` +
      `if (fs.readFileSync(kept, 'utf8') !== process.env.KEY) { fs.writeFileSync(other, ''); process.exit(3); }` +
      `if (${kind === 'offended'} && fs.existsSync(other)) process.exit(4);` +
      `require('node:http').createServer((_, answer) => answer.end()).listen(${port}, '127.0.0.1')`,
  ),
  port,
  env: { KEY: `\${secret:own}`, PLACE: `\${state}` },
});

const up = async (sandbox: Sandbox) => {
  const { exit, printed } = await mlops(sandbox, 'up');
  assert.is(exit, 0, printed);
};
const rotated = ({ workspace, progress }: Sandbox, name: string) => rotate(atCurrent(workspace), progress, name);

test(
  'whoever holds it starts again with another value, and nobody else',
  withSandbox(two(15471), async (sandbox) => {
    await up(sandbox);
    const old = kept(sandbox);
    const other = await held(15472);
    assert.is((await held(15471)).key, old);
    assert.is(await rotated(sandbox, 'own'), 1);
    const now = kept(sandbox);
    assert.is.not(now, old);
    assert.match(now, /^[\w-]{43}$/);
    assert.is(statSync(fileOf(sandbox)).mode & 0o777, 0o600);
    assert.is((await held(15471)).key, now);
    assert.equal(await held(15472), other);
    assert.equal(changedSecrets(atCurrent(sandbox.workspace)), []);
  }),
);

test(
  'where something does not come up with the new value, all have the old one again',
  withSandbox(
    {
      processes: [...two(15473).processes, fussy(15475, 'first')],
    },
    async (sandbox) => {
      await up(sandbox);
      const old = kept(sandbox);
      const message = await refusal(rotated(sandbox, 'own'));
      assert.match(message, /^fussy ended while it was starting \(exit status 3\)\./);
      assert.match(message, /'own' has its old value again\.$/);
      assert.is(kept(sandbox), old);
      assert.is((await held(15473)).key, old);
      assert.is((await fetch('http://127.0.0.1:15475')).status, 200);
    },
  ),
);

test(
  'where something comes up with the old value no more either, both are said, and the value is the old one',
  withSandbox({ processes: [...two(15481).processes, fussy(15483, 'offended')] }, async (sandbox) => {
    await up(sandbox);
    const old = kept(sandbox);
    const message = await refusal(rotated(sandbox, 'own'));
    assert.match(message, /^fussy ended while it was starting \(exit status 3\)\./);
    assert.match(message, "'own' has its old value again, and not all that reads it came up with that: fussy ended");
    assert.match(message, /`mlops deploy --env local` hands it over\.$/);
    assert.is(kept(sandbox), old);
    assert.is((await held(15481)).key, old);
  }),
);

test(
  'where it is killed in between, the next deploy says so and hands the new value over',
  withSandbox(two(15476), async (sandbox) => {
    await up(sandbox);
    const contract = join(sandbox.workspace.root, 'generated/local/runtime');
    mkdirSync(contract, { recursive: true });
    writeFileSync(join(contract, 'environment.json'), '{"secrets": {"provider": "env"}, "connections": {}}');
    const workspace = atCurrent(sandbox.workspace);
    const old = kept(sandbox);
    process.kill(begunSupervisor(sandbox), 'SIGSTOP');
    const call = begin(sandbox, 'secrets', 'rotate', 'own');
    await eventually('another value is there', () => kept(sandbox) !== old);
    call.child.kill('SIGKILL');
    await call.exit;
    assert.equal(changedSecrets(workspace), ['own']);
    assert.is((await held(15476)).key, old);
    process.kill(begunSupervisor(sandbox), 'SIGCONT');
    await reloadProcesses(workspace, sandbox.progress.line);
    assert.is((await held(15476)).key, kept(sandbox));
    assert.equal(changedSecrets(workspace), []);
  }),
);

function begunSupervisor({ workspace }: Sandbox): number {
  const record = JSON.parse(readFileSync(join(workspace.run, 'supervisor.json'), 'utf8')) as {
    supervisor: { pid: number };
  };
  return record.supervisor.pid;
}

test(
  'what is not there, must last, or waits for a deploy to end is refused and stays',
  withSandbox(
    {
      processes: [
        {
          name: 'holder',
          command: server(15478),
          port: 15478,
          env: { KEY: `\${secret:own}`, FERNET: `\${secret:airflow-fernet}` },
        },
      ],
    },
    async (sandbox) => {
      const { workspace } = sandbox;
      assert.match(await refusal(rotated(sandbox, 'own')), 'nothing was started');
      await up(sandbox);
      const old = kept(sandbox);
      assert.match(await refusal(rotated(sandbox, 'onw')), /no secret 'onw' for 'local'. Did you mean 'own'\?/);
      assert.match(await refusal(rotated(sandbox, '../../x')), "no secret '../../x'");
      assert.match(await refusal(rotated(sandbox, 'airflow-fernet')), "'airflow-fernet' stays as it is");
      beginAttempt(workspace, { action: 'deploy', from: null, to: '0'.repeat(12), commit: null, plan: '' });
      assert.match(await refusal(rotated(sandbox, 'own')), "A deploy of 'local' has not ended; end it first");
      assert.is(kept(sandbox), old);
    },
  ),
);

test(
  'where nothing runs, the next start has the new value',
  withSandbox(two(15479), async (sandbox) => {
    await up(sandbox);
    const old = kept(sandbox);
    assert.is((await mlops(sandbox, 'down')).exit, 0);
    assert.is(await rotated(sandbox, 'own'), null);
    await up(sandbox);
    assert.is.not((await held(15479)).key, old);
    assert.is((await held(15479)).key, kept(sandbox));
  }),
);

test.run();

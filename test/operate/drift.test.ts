/** `mlops drift` on real processes; what the tools' own sides see is tried in test/live and test/servers. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { liveSupervisor } from '../../compiler/operate/supervisor/run-state.ts';
import { mlops } from './cli.ts';
import { node, type Sandbox, withSandbox } from './sandbox.ts';

const server = (port: number) =>
  node(`require('node:http').createServer((_, answer) => answer.end('ok')).listen(${port}, '127.0.0.1')`);

const platform = (port: number) => ({
  setup: [{ name: 'prepare', command: node('') }],
  processes: [{ name: 'api', command: server(port), port, health: `http://127.0.0.1:${port}/`, needs: ['prepare'] }],
});

const pid = ({ workspace }: Sandbox): number =>
  liveSupervisor(workspace)?.units.find(({ name }) => name === 'api')?.process?.pid ?? 0;

test(
  'right after a deploy nothing has drifted; a process that no longer answers is named, with the way back',
  withSandbox(platform(15406), async (sandbox) => {
    assert.match((await mlops(sandbox, 'drift')).printed, /Nothing of 'local' is running/);
    assert.is((await mlops(sandbox, 'up')).exit, 0);
    const clean = await mlops(sandbox, 'drift');
    assert.is(clean.exit, 0, clean.printed);
    assert.match(clean.printed, '2 objects, all as deployed');
    process.kill(pid(sandbox), 'SIGSTOP');
    try {
      const { exit, printed } = await mlops(sandbox, 'drift');
      assert.is(exit, 1, printed);
      assert.match(printed, '2 objects, 1 not as deployed');
      assert.match(printed, 'process/api: state is "unhealthy" instead of "healthy"');
      assert.match(printed, '`mlops deploy --env local` starts what does not run as it was deployed.');
      const { tools } = JSON.parse((await mlops(sandbox, 'drift', '--format', 'json')).printed);
      assert.equal(tools[0].differences, [
        {
          address: 'process/api',
          kind: 'differs',
          fields: [{ path: 'state', deployed: 'healthy', live: 'unhealthy' }],
        },
      ]);
    } finally {
      process.kill(pid(sandbox), 'SIGCONT');
    }
    assert.is((await mlops(sandbox, 'drift')).exit, 0);
  }),
);

test.run();

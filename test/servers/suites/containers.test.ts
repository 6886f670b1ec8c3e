/** An environment of containers, deployed by real Compose: releases, what is made again, and what a kill leaves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { containerStatus, removeContainers } from '../../../compiler/operate/containers/containers.ts';
import { atCurrent, currentRelease } from '../../../compiler/operate/releases.ts';
import { deploy, rollback } from '../../../compiler/release/deploy.ts';
import { attempts, unfinished } from '../../../compiler/release/ledger.ts';
import { refusal } from '../../operate/refusal.ts';
import { ComposeEngine } from '../compose-engine.ts';
import { onTiny, type Tiny } from '../tiny-platform.ts';

const engine = new ComposeEngine();
test.before(() => engine.start());
test.after(() => engine.end());

const outcomes = ({ workspace }: Tiny) => attempts(workspace).map(({ action, ended }) => [action, ended?.outcome]);
/** Services whose containers are others than before. */
const madeAgain = (before: Record<string, string>, { ids }: Tiny): string[] =>
  Object.entries(ids())
    .filter(([name, id]) => before[name] !== id)
    .map(([name]) => name)
    .sort();

async function killedAt(boundary: string, { workspace }: Tiny): Promise<void> {
  const program = fileURLToPath(new URL('../container-deployer.ts', import.meta.url));
  const words = ['--import', import.meta.resolve('tsx'), program, workspace.checkout, boundary];
  const [, signal] = (await once(spawn(process.execPath, words, { stdio: 'ignore' }), 'close')) as [null, string];
  assert.is(signal, 'SIGKILL');
}

test(
  'a deploy starts everything, and the same content deployed again makes nothing again',
  onTiny(engine, async (tiny) => {
    const { workspace, progress, ask, ids, printed } = tiny;
    const first = await deploy(workspace, progress);
    assert.is(await ask('api', 'models/m/data.txt'), 'first model');
    assert.is(await ask('page', 'index.html'), 'first page');
    const running = ids();
    assert.is(await deploy(workspace, progress), first);
    assert.equal(ids(), running);
    assert.match(printed(), /Images .*tiny-platform:[0-9a-f]{12}/);
    assert.match(printed(), /Containers .*5 new, 0 as they were/);
    assert.match(printed(), /Containers .*all 5 as they were/);
  }),
);

test(
  'a pipeline that changes is seen by what follows releases, and makes no container again',
  onTiny(engine, async (tiny) => {
    const { workspace, progress, write, ask, ids } = tiny;
    await deploy(workspace, progress);
    const running = ids();
    write('pipelines/p/code.txt', 'second code');
    const second = await deploy(workspace, progress);
    assert.equal(ids(), running);
    assert.is(await ask('follower', 'current/pipelines/p/code.txt'), 'second code');
    assert.is(await ask('follower', `${second}/pipelines/p/code.txt`), 'second code');
    assert.is(await ask('api', 'pipelines/p/code.txt'), 'first code', 'it is pinned to its release');
  }),
);

test(
  'only what reads a change is made again, and a rollback makes that again as it was',
  onTiny(engine, async (tiny) => {
    const { workspace, progress, write, ask, ids } = tiny;
    const first = await deploy(workspace, progress);
    let running = ids();
    write('models/m/data.txt', 'second model');
    await deploy(workspace, progress);
    assert.equal(madeAgain(running, tiny), ['api']);
    assert.is(await ask('api', 'models/m/data.txt'), 'second model');
    running = ids();
    write('models/m/model.yaml', 'train: {}');
    write('generated/prod/page/index.html', 'second page');
    await deploy(workspace, progress);
    assert.equal(madeAgain(running, tiny), ['page'], 'a spec is what it compiles to');
    assert.is(await ask('page', 'index.html'), 'second page');
    running = ids();
    await rollback(workspace, progress, first);
    assert.equal(madeAgain(running, tiny), ['api', 'page']);
    assert.is(await ask('api', 'models/m/data.txt'), 'first model');
    assert.is(await ask('page', 'index.html'), 'first page');
  }),
);

test(
  'another lock is another image, which only our containers get; a rollback has the one before, unbuilt',
  onTiny(engine, async (tiny) => {
    const { workspace, progress, write, ids, printed } = tiny;
    const first = await deploy(workspace, progress);
    const running = ids();
    write('runtime/requirements.lock', 'two');
    const second = await deploy(workspace, progress);
    assert.is.not(second, first);
    assert.equal(madeAgain(running, tiny), ['api', 'follower', 'state']);
    const names = [...printed().matchAll(/tiny-platform:[0-9a-f]{12}/g)].map(([name]) => name);
    assert.is(new Set(names).size, 2);
    const lock = (name = '') => engine.podman('run', '--rm', '--network', 'host', name, 'cat', '/lock');
    assert.equal([lock(names[0]), lock(names.at(-1))], ['one', 'two']);
    await rollback(workspace, progress, null);
    assert.is(
      engine
        .podman('inspect', '--format', '{{.ImageName}}', ids()['api'] ?? '')
        .split('/')
        .at(-1),
      names[0],
    );
    engine.podman('rmi', '--force', names.at(-1) ?? '');
    write('runtime/requirements.lock', 'three');
    assert.match(await refusal(rollback(workspace, progress, second)), /is gone, and the checkout would build another/);
    assert.is(currentRelease(workspace), first);
    assert.equal(outcomes(tiny).at(-1), ['rollback', 'refused']);
  }),
);

test(
  'a release that does not come up is taken back, and what ran before runs again',
  onTiny(engine, async (tiny) => {
    const { workspace, progress, write, ask, ids } = tiny;
    const first = await deploy(workspace, progress);
    const running = ids();
    write('models/m/data.txt', 'broken');
    const message = await refusal(deploy(workspace, progress));
    assert.match(message, /`docker compose up` failed/);
    assert.match(message, `'prod' runs release ${first} again, as before.`);
    assert.is(await ask('api', 'models/m/data.txt'), 'first model');
    assert.is(currentRelease(workspace), first);
    assert.equal(madeAgain(running, tiny), ['api']);
    assert.equal(outcomes(tiny).at(-1), ['deploy', 'undone']);
    assert.is(unfinished(workspace), null);
  }),
);

for (const boundary of ['left', 'switched', 'started'])
  test(
    `of a deploy that was killed (${boundary}) --resume leads wholly on, and --abort wholly back`,
    onTiny(engine, async (tiny) => {
      const { workspace, progress, write, ask } = tiny;
      const first = await deploy(workspace, progress);
      for (const way of ['abort', 'resume'] as const) {
        write('models/m/data.txt', 'second model');
        write('generated/prod/page/index.html', 'second page');
        await killedAt(boundary, tiny);
        const second = unfinished(workspace)?.to;
        assert.is(await deploy(workspace, progress, { way }), way === 'abort' ? first : second);
        const text = way === 'abort' ? 'first' : 'second';
        assert.is(await ask('api', 'models/m/data.txt'), `${text} model`);
        assert.is(await ask('page', 'index.html'), `${text} page`);
        assert.is(await ask('follower', 'current/models/m/data.txt'), `${text} model`);
        assert.is(unfinished(workspace), null);
      }
    }),
  );

test(
  'what cannot be started is refused with a sentence, and changes nothing',
  onTiny(engine, async (tiny) => {
    const { workspace, progress, write, ids } = tiny;
    const first = await deploy(workspace, progress);
    const running = ids();
    write('pipelines/p/code.txt', 'second code');
    rmSync(join(workspace.checkout, 'secrets/mlops_key'));
    assert.match(
      await refusal(deploy(workspace, progress)),
      /need secrets that have no value: mlops_key\. `mlops secrets/,
    );
    write('secrets/mlops_key', 'a value');
    const reached = process.env['DOCKER_HOST'];
    process.env['DOCKER_HOST'] = 'unix:///nowhere/engine.sock';
    try {
      assert.match(await refusal(deploy(workspace, progress)), /The Docker engine failed/);
    } finally {
      process.env['DOCKER_HOST'] = reached;
    }
    const plugins = process.env['DOCKER_CONFIG'];
    process.env['DOCKER_CONFIG'] = join(workspace.state, 'no-plugins');
    try {
      assert.match(await refusal(deploy(workspace, progress)), /has no Compose: install its plugin/);
    } finally {
      process.env['DOCKER_CONFIG'] = plugins;
    }
    assert.match(await refusal(deploy(workspace, progress, { watch: 60 })), /--watch is not there for those yet/);
    assert.is(currentRelease(workspace), first);
    assert.equal(ids(), running);
    assert.is(unfinished(workspace), null);
  }),
);

test(
  'what is stopped comes back with the next deploy, with what it had stored',
  onTiny(engine, async (tiny) => {
    const { workspace, progress, ask, ids } = tiny;
    await deploy(workspace, progress);
    const states = async () =>
      (await containerStatus(atCurrent(workspace))).map(({ service, state }) => [service, state]);
    const well = { state: 'done', api: 'healthy', follower: 'healthy', page: 'healthy', store: 'running' };
    assert.equal(await states(), Object.entries(well));
    engine.podman('stop', '--time', '0', ids()['store'] ?? '');
    assert.match((await states()).join(' '), /store,exited \(exit status 137\)/);
    assert.is(await removeContainers(atCurrent(workspace)), 5);
    assert.equal(ids(), {});
    await deploy(workspace, progress);
    assert.is(await ask('api', 'models/m/data.txt'), 'first model');
  }),
);

test.run();

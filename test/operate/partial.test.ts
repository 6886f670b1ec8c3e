/** `mlops deploy --only`: what is named and what it needs, as the checkout has it; all else as it runs. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../../compiler/cli.ts';
import { partOf } from '../../compiler/commands/deploy-only.ts';
import { currentRelease, releaseFolder, switchTo } from '../../compiler/operate/releases.ts';
import { openWorkspace, type Workspace } from '../../compiler/operate/workspace.ts';
import { makeRelease, manifestOf } from '../../compiler/release/make.ts';
import { soundPlatforms } from '../../compiler/test/platforms.ts';

const FLIGHTS = soundPlatforms().find(({ name }) => name === 'flights')?.files ?? new Map<string, string>();

interface Here {
  workspace: Workspace;
  change(path: string, from: string, to: string): void;
  write(path: string, text: string): void;
  text(path: string, release?: string): string;
  /** Made, and switched to, as a deploy does. */
  deployed(only: string): { id: string; lines: string[] };
}

const quiet = { out: () => {}, err: () => {} };

/** A checkout of which everything was deployed. */
const withRelease = (work: (here: Here) => Promise<void> | void) => async () => {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-partial-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  try {
    for (const [path, text] of FLIGHTS) write(path, text);
    assert.is(await main(['-C', root, 'compile'], quiet), 0);
    const workspace = openWorkspace(root, 'local');
    switchTo(workspace, makeRelease(workspace).id);
    const text = (path: string, release?: string): string =>
      readFileSync(join(release === undefined ? root : releaseFolder(workspace, release), path), 'utf8');
    await work({
      workspace,
      write,
      text,
      change(path, from, to) {
        assert.ok(text(path).includes(from), from);
        write(path, text(path).replace(from, to));
      },
      deployed(only) {
        const { source, partial, lines, dispose } = partOf(workspace, only);
        try {
          const { id } = makeRelease(workspace, { source, partial });
          switchTo(workspace, id);
          return { id, lines };
        } finally {
          dispose();
          assert.not.ok(existsSync(source));
        }
      },
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};

const DAGS = 'generated/common/airflow/dags';

test(
  'a pipeline is deployed with its Python, and what else was changed stays as it runs until it is deployed',
  withRelease(({ workspace, change, text, deployed }) => {
    const before = currentRelease(workspace) ?? '';
    change('pipelines/report/pipeline.yaml', 'retries: 0', 'timeout: 7m\n    retries: 0');
    change('pipelines/report/report.py', '"""Columns', '"""The columns');
    change('models/departure_delay/model.yaml', 'kind: Model', '# Changed.\nkind: Model');
    change('features/carrier_delays.yaml', 'How a carrier', 'How one carrier');
    const { id, lines } = deployed('pipeline:cleanup');
    assert.is(id, before, 'of what is the same, the same release');
    assert.match(lines[0] ?? '', 'Nothing of what is named differs');
    const second = deployed('pipeline:report');
    // It reads that view's table and materialises the view, so it needs them.
    assert.equal(second.lines, [
      'Deployed alone: pipelines/report.',
      'Taken along, because it is needed: features/carrier_delays.yaml.',
      'Left as it runs, though it differs: models/departure_delay.',
    ]);
    assert.match(text('pipelines/report/report.py', second.id), 'The columns');
    assert.not.match(text('models/departure_delay/model.yaml', second.id), '# Changed.');
    assert.match(text(`${DAGS}/report.py`, second.id), '7');
    assert.is(text(`${DAGS}/fleet.py`, second.id), text(`${DAGS}/fleet.py`, before));
    const { partial, files } = manifestOf(workspace, second.id) ?? {};
    assert.equal(
      [partial?.of, partial?.only, partial?.along],
      [before, ['pipeline/report'], ['features/carrier_delays.yaml']],
    );
    const had = manifestOf(workspace, before)?.files ?? {};
    const touched = Object.keys(files ?? {}).filter((path) => files?.[path] !== had[path]);
    assert.equal(
      touched.filter((path) => !/report|carrier_delays/.test(path)),
      touched.filter((path) => /^generated\/.*(manifest|catalog|platform|features|owned)/.test(path)),
    );
  }),
);

test(
  'what the named object needs comes along: a new column of its table, a new owner, what no longer fits it',
  withRelease(({ change, text, deployed }) => {
    const model = 'models/departure_delay/model.yaml';
    change(model, 'plane_delays.*', 'plane_delays.last_delay');
    deployed('model:departure_delay');
    change('pipelines/flights/derive.py', 'observed_at, last_delay."""', 'observed_at, last_delay, legs."""');
    change('features/plane_delays.yaml', 'features:', 'owner: new\nfeatures:\n  legs: {type: int64}');
    change('platform.yaml', '  ground-crew:', '  new: {email: new@example.com, slack: "#new"}\n  ground-crew:');
    change('pipelines/report/report.py', '"""Columns', '"""The columns');
    const { id, lines } = deployed('feature-view:plane_delays');
    assert.match(lines[0] ?? '', 'Deployed alone: features/plane_delays.yaml.');
    assert.match(lines[1] ?? '', 'needed: pipelines/flights, platform.yaml.');
    assert.match(lines[2] ?? '', 'differs: pipelines/report.');
    assert.match(text('generated/common/feast/feature_views/plane_delays.py', id), 'legs');
    // The other way round: a model that uses what goes has to change with it.
    change(
      'features/plane_delays.yaml',
      / {2}last_delay: .*\n/.exec(text('features/plane_delays.yaml'))?.[0] ?? '?',
      '',
    );
    change('pipelines/flights/derive.py', 'observed_at, last_delay, legs."""', 'observed_at, legs."""');
    change(model, 'plane_delays.last_delay', 'plane_delays.legs');
    const second = deployed('feature_view:plane_delays');
    assert.match(second.lines[1] ?? '', 'models/departure_delay');
  }),
);

test(
  'a name that is nothing, and what runs written by another compiler, are refused with what to do',
  withRelease(async ({ workspace, change }) => {
    const said: string[] = [];
    const deploy = (...argv: string[]) =>
      main(['-C', workspace.root, 'deploy', ...argv], { ...quiet, err: (text) => void said.push(text) });
    assert.is(await deploy('--only', 'pipeline:reprot'), 2);
    assert.match(
      said.join(''),
      "--only 'pipeline:reprot' names nothing that there is; did you mean 'pipeline/report'?",
    );
    assert.is(await deploy('--only', 'pipeline:report', '--resume'), 2);
    assert.is(await deploy('--only', 'pipeline:report', '--plan', 'x'), 2);
    const manifest = join(releaseFolder(workspace, currentRelease(workspace) ?? ''), 'release.json');
    const text = readFileSync(manifest, 'utf8');
    rmSync(manifest);
    writeFileSync(manifest, text.replace(/("generated\/local\/[^"]+": ")[0-9a-f]{64}/, `$1${'0'.repeat(64)}`));
    assert.throws(() => partOf(workspace, 'pipeline:report'), /would write it otherwise, so a part cannot/);
    rmSync(join(workspace.state, 'releases', 'current'));
    assert.throws(() => partOf(workspace, 'pipeline:report'), /Nothing was deployed to 'local' yet/);
    change('pipelines/report/pipeline.yaml', 'run: report.py:count', 'run: report.py:gone');
    assert.is(await deploy('--only', 'pipeline:report'), 1);
  }),
);

test.run();

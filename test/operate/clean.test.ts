/** `mlops clean` shows before it removes, and touches neither what runs nor, unasked, data. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mlops } from './cli.ts';
import { node, type Sandbox, withSandbox } from './sandbox.ts';

const FILES = {
  '.mlops/old/logs/web.log': 'old',
  '.mlops/old/logs/new.log': 'new',
  '.mlops/old/airflow/logs/dag_id=x/attempt=1.log': 'old',
  '.mlops/old/envs/0123456789abcdef/bin/python': 'stale',
  '.mlops/old/warehouse/t.parquet': 'data',
  '.mlops/test-python/bin/python': 'made again',
  'pipelines/flights/__pycache__/x.pyc': 'cache',
  'pipelines/flights/ingest.py': 'code',
};

function fill({ workspace: { root } }: Sandbox): void {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    if (text === 'old') utimesSync(join(root, path), 0, 0);
  }
}

test(
  'it shows what may go, and removes it with --yes; what runs, data and code stay',
  withSandbox({ processes: [{ name: 'web', command: node('setInterval(() => {}, 1000)') }] }, async (sandbox) => {
    const { root } = sandbox.workspace;
    await mlops(sandbox, 'up');
    fill(sandbox);
    const left = () => Object.keys(FILES).filter((path) => existsSync(join(root, path)));
    const shown = await mlops(sandbox, 'clean');
    assert.is(shown.exit, 0, shown.printed);
    assert.match(shown.printed, "'local' runs: nothing of it is touched");
    assert.match(shown.printed, "The data of 'old' stays; with --data it goes, too.");
    assert.match(shown.printed, 'Nothing was removed; --yes removes it without asking.');
    assert.equal(left(), Object.keys(FILES));
    const removed = await mlops(sandbox, 'clean', '--yes', '--format', 'json');
    assert.is(JSON.parse(removed.printed).removed.length, 5, removed.printed);
    const kept = ['.mlops/old/logs/new.log', '.mlops/old/warehouse/t.parquet', 'pipelines/flights/ingest.py'];
    assert.equal(left(), kept);
    assert.match((await mlops(sandbox, 'clean')).printed, 'There is nothing to remove.');

    const elsewhere = mkdtempSync(join(tmpdir(), 'mlops-elsewhere-'));
    try {
      writeFileSync(join(elsewhere, 'precious'), 'x');
      symlinkSync(elsewhere, join(root, '.mlops', 'linked'));
      symlinkSync(elsewhere, join(root, '.mlops', 'old', 'logs', 'linked'));
      await mlops(sandbox, 'clean', '--yes', '--data', '--older', '0');
      assert.equal(left(), ['pipelines/flights/ingest.py']);
      assert.ok(existsSync(join(elsewhere, 'precious')), 'no link is followed');
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
    assert.is((await mlops(sandbox, 'status')).exit, 0, 'what runs goes on');
    assert.is((await mlops(sandbox, 'clean', '--older', '-1')).exit, 2);
  }),
);

test.run();

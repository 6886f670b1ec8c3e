import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { requireSample } from '../../scripts/demo/sample.ts';

test('where other use cases stand in the place of the sample, the demo says what it needs', () => {
  const root = mkdtempSync(join(tmpdir(), 'mlops-sample-'));
  try {
    mkdirSync(join(root, 'pipelines/flights'), { recursive: true });
    const needed = /^The demo is played with the sample .*: the pipeline flights and the model departure_delay,/;
    assert.throws(() => requireSample(root, 'The demo is played'), needed);
    mkdirSync(join(root, 'models/departure_delay'), { recursive: true });
    writeFileSync(join(root, 'pipelines/flights/upcoming.py'), '');
    requireSample(root, 'The demo is played');
  } finally {
    rmSync(root, { recursive: true });
  }
});

test.run();

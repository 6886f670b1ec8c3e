import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isDuration, seconds } from './duration.ts';

test('a duration of one or several units becomes seconds', () => {
  const cases: Record<string, number> = { '0s': 0, '15s': 15, '120s': 120, '2m': 120, '1h30m': 5400 };
  for (const [text, expected] of Object.entries({ ...cases, '1d': 86_400, '2w': 1_209_600, '1500ms': 1.5 }))
    assert.is(seconds(text), expected, text);
});

test('a path or a label is no duration', () => {
  assert.equal(['15s', '1h30m', '/metrics', '15', 'prod', '3days', ''].filter(isDuration), ['15s', '1h30m']);
});

test.run();

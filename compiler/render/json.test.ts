import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { anyText } from '../test/arbitrary-text.ts';
import { counted } from '../test/counting.ts';
import { runs } from '../test/runs.ts';
import { type Json, json, jsonInline } from './json.ts';
import { displayWidth, lineWidth } from './width.ts';

const anyJson = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyText({ lone: true }),
    fc.integer(),
    fc.constantFrom(true, null),
    fc.array(tie('value'), { maxLength: 8 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), tie('value'), { maxKeys: 8, noNullPrototype: true }),
  ),
})).value;

test('what fits stands in one line, and nothing else does', () => {
  const assertLaidOut = (value: Json, text: string, room: number): void => {
    const isOneLine = !text.trimEnd().includes('\n');
    const isScalar = typeof value !== 'object' || value === null;
    assert.is(isOneLine, isScalar || displayWidth(jsonInline(value)) <= room, text);
    assert.equal(JSON.parse(text), value);
  };
  fc.assert(
    fc.property(anyJson, (value) => {
      assertLaidOut(value, json(value), lineWidth);
      // A key and a comma leave that much less room.
      const within = json({ key: value, long: 'x'.repeat(lineWidth) });
      const shown = within.slice('{\n  "key": '.length, within.lastIndexOf(',\n  "long": '));
      assertLaidOut(value, shown, lineWidth - '  "key": ,'.length);
    }),
    runs(300),
  );
});

test('a value in twice as many others is looked at twice as often, not once more by each of them', () => {
  const nested = (depth: number): Json => (depth === 0 ? ['x'.repeat(99)] : { inner: nested(depth - 1), more: 'y' });
  const readsAt = (depth: number): number => {
    const { value, reads } = counted(nested(depth) as object);
    json(value as Json);
    return reads();
  };
  const [few, more, most] = [20, 40, 80].map(readsAt) as [number, number, number];
  assert.ok(few > 20);
  assert.ok(most - more <= 2 * (more - few), `${few}, ${more}, ${most} reads`);
});

test.run();

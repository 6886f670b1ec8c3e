import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runs } from '../test/runs.ts';
import { address, parseAddress } from './address.ts';

const names = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ max: 0xffff }).map(String.fromCharCode) }),
);
const builders = Object.entries(address) as [string, (...names: string[]) => string][];

test('an address reads as what it names', () => {
  assert.is(address.feature('plane_delays', 'last_delay'), 'feature_view/plane_delays/feature/last_delay');
  assert.is(address.stream('plane_delays'), 'feature_view/plane_delays/stream');
  assert.is(address.step('flights', 'a/b %'), 'pipeline/flights/step/a%2Fb%20%25');
});

test('the names can be read from an address again, whatever characters they hold', () => {
  fc.assert(
    fc.property(fc.constantFrom(...builders), fc.array(names, { minLength: 3, maxLength: 3 }), ([, build], given) => {
      const text = build(...given);
      const read = (parseAddress(text) ?? []).flatMap(({ name }) => name ?? []);
      assert.ok(read.length > 0, text);
      assert.equal(read, given.slice(0, read.length));
      assert.is(build(...read), text);
    }),
    runs(2000),
  );
});

const few = fc.oneof(names, fc.constantFrom('a', 'b', 'a/b', 'a%2Fb', 'feature/a'));
const built = fc.record({
  builder: fc.constantFrom(...builders),
  given: fc.array(few, { minLength: 3, maxLength: 3 }),
});

test('different names or kinds have different addresses', () => {
  fc.assert(
    fc.property(
      built,
      built,
      ({ builder: [kind, build], given }, { builder: [otherKind, otherBuild], given: others }) => {
        const text = build(...given);
        const used = parseAddress(text)?.filter(({ name }) => name !== undefined).length ?? 0;
        const isSame = kind === otherKind && given.slice(0, used).every((name, at) => name === others[at]);
        assert.is(text === otherBuild(...others), isSame);
      },
    ),
    runs(2000),
  );
});

test('what is no address is not read as one', () => {
  for (const text of [
    '',
    'feature',
    'view/x',
    'model',
    'model/a/label/b',
    'model/a b',
    'model/%41',
    'model/%ff/label/',
  ])
    assert.is(parseAddress(text), null, text);
  fc.assert(
    fc.property(fc.string(), (text) => void parseAddress(text)),
    runs(100),
  );
});

test.run();

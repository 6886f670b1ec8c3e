import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fixtureIr, fixtureSources } from '../test/fixture.ts';
import { planOf } from './plan.ts';
import type { PlannedChange } from './types.ts';

const ir = fixtureIr();
const DERIVE = 'pipelines/flights/derive.py';
const FIT = 'models/departure_delay/train.py';

const derive = `"""Derived tables."""
import pandas as pd
from shared import rounded

HOURS = 6


def carrier_delays(flights):
    return mean(flights, HOURS)


def plane_delays(flights):
    # Of each plane its latest.
    return rounded(flights.groupby("tail_number").last())


def mean(flights, hours):
    return pd.DataFrame(flights.mean(axis=0,))


def unused():
    return 1
`;
const shared = 'def rounded(frame):\n    return frame.round(2)\n';

function plan(edits: Record<string, string | null>): PlannedChange[] {
  const files = (changed: Record<string, string | null>): Map<string, string> =>
    new Map(
      Object.entries({ [DERIVE]: derive, 'pipelines/flights/shared.py': shared, ...changed }).flatMap(
        ([path, text]): [string, string][] => (text === null ? [] : [[path, text]]),
      ),
    );
  return planOf({ ir, code: files({}) }, { ir, code: files(edits) }).changes;
}

const seen = (changes: readonly PlannedChange[]): string[] => changes.map(({ code, name }) => `${code} ${name}`);

test('code that a step reaches may change values, and says of which functions', () => {
  const changes = plan({ [DERIVE]: derive.replace('axis=0', 'axis=1') });
  assert.equal(seen(changes), ['PLN260 flights.carriers']);
  assert.match(changes[0]?.sentence ?? '', /other code \(mean\): values for departure_delay may change$/);
  assert.is(changes[0]?.certainty, 'possible');
});

test('a constant is code, and so is what another file of the repository brings', () => {
  assert.equal(seen(plan({ [DERIVE]: derive.replace('HOURS = 6', 'HOURS = 7') })), ['PLN260 flights.carriers']);
  assert.equal(seen(plan({ 'pipelines/flights/shared.py': shared.replace('2', '3') })), ['PLN260 flights.planes']);
});

test('what no step reaches is no change', () => {
  assert.equal(plan({ [DERIVE]: derive.replace('return 1', 'return 2') }), []);
  assert.equal(plan({ 'pipelines/flights/notes.py': 'x = 1\n' }), []);
});

test('comments, docstrings, layout and quotation marks are no change', () => {
  const other = derive
    .replace('"""Derived tables."""', '# Tables.')
    .replace('    # Of each plane its latest.\n', '    """The latest of each plane."""\n')
    .replace('mean(flights, HOURS)', '(\n        mean(\n            flights,\n            HOURS,\n        )\n    )')
    .replace('"tail_number"', "'tail_number'")
    .replace('axis=0,', 'axis=0');
  assert.is.not(other, derive);
  assert.equal(plan({ [DERIVE]: other }), []);
});

test('brackets that change the order of a computation are a change, and so is a comma that makes a tuple', () => {
  const with_ = (text: string) => derive.replace('flights.mean(axis=0,)', text);
  const between = (one: string, other: string) =>
    planOf({ ir, code: new Map([[DERIVE, with_(one)]]) }, { ir, code: new Map([[DERIVE, with_(other)]]) }).changes;
  assert.equal(between('1 + 2 * 3', '1 + (2 * 3)'), []);
  assert.is(between('1 + 2 * 3', '(1 + 2) * 3').length, 1);
  assert.is(between('(1)', '(1,)').length, 1);
  assert.is(between("'a b'", "'a  b'").length, 1);
});

test('a function that moves to another file, with its import, is no change', () => {
  const moved = derive.replace('from shared import rounded', 'from helpers.rounding import rounded');
  const helpers = { 'pipelines/flights/helpers/__init__.py': '', 'pipelines/flights/helpers/rounding.py': shared };
  assert.equal(plan({ [DERIVE]: moved, ...helpers }), []);
});

test('what runs on import counts, wherever it stands in the file', () => {
  assert.equal(seen(plan({ 'pipelines/flights/shared.py': `${shared}\nprint(rounded)\n` })), [
    'PLN260 flights.carriers',
    'PLN260 flights.planes',
  ]);
});

test('code that trains a model is shown at the model', () => {
  const side = (text: string) => ({ ir, code: new Map([[FIT, text]]) });
  const { changes, work } = planOf(side('def fit(rows):\n    return 1\n'), side('def fit(rows):\n    return 2\n'));
  assert.equal(seen(changes), ['PLN457 departure_delay']);
  assert.equal(
    work.map(({ kind, subject }) => [kind, subject]),
    [['train', 'departure_delay']],
  );
});

test('packages count by what is locked: neither order nor comments', () => {
  const path = 'models/cancellation/requirements.lock';
  const side = (text: string) => ({ ir, locks: new Map([[path, text]]) });
  const lock = 'b==1 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2\na==1 --hash=sha256:3  # via b\n';
  const same = '# locked\na==1 --hash=sha256:3\nb==1 --hash=sha256:2 --hash=sha256:1\n';
  assert.equal(planOf(side(lock), side(same)).changes, []);
  const { changes } = planOf(side(lock), side(lock.replace('a==1', 'a==2')));
  assert.ok(seen(changes).includes('PLN458 cancellation'));
  assert.match(changes[0]?.sentence ?? '', /a==2/);
});

test('what only one side has been given is no change', () => {
  const { code, locks } = fixtureSources();
  assert.equal(planOf({ ir }, { ir, code, locks }).changes, []);
});

test.run();

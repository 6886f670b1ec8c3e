/** What every live side promises, tried on the real tool. */
import * as assert from 'node:assert/strict';
import { type Change, differences } from '../../compiler/diff/compare.ts';
import { type Brought, bring } from '../../compiler/release/bring.ts';
import type { Live, LiveSide } from '../../compiler/tools/live.ts';

export interface Subject {
  side: LiveSide;
  live: Live;
  /** What the tool itself keeps of changes: versions, times of updates, an audit log. */
  trace(): Promise<unknown>;
  /** Whether the tool comes to what is desired by itself after a while, so that there may be nothing left to apply. */
  heals?: boolean;
}

/** What is only looked at. */
export type Looked = Omit<Subject, 'side' | 'heals'> & { side: Pick<LiveSide, 'desired' | 'observe'> };

/** A difference as it must be seen: of an update also the paths of its fields. */
export type Seen = [kind: Change['kind'], address: string, fields?: string[]];

/** After a deploy the tool is as desired; a second deploy applies nothing, and leaves no trace. */
export async function deploysOnce(subject: Subject): Promise<Brought> {
  const first = await bring(subject.side, subject.live);
  assert.deepEqual(await seen(subject), []);
  const before = await subject.trace();
  const second = await bring(subject.side, subject.live);
  assert.deepEqual(second.changes, []);
  assert.deepEqual(await subject.trace(), before);
  return first;
}

/** Observing twice gives the same, and leaves no trace. */
export async function observesOnly({ side, live, trace }: Looked): Promise<number> {
  const before = await trace();
  const [first, second] = [await side.observe(live), await side.observe(live)];
  assert.ok(first.size > 0, 'something is observed');
  assert.deepEqual(new Map([...first].sort()), new Map([...second].sort()));
  assert.deepEqual(await trace(), before);
  return first.size;
}

/** What was done to the tool by hand is seen as just that, and applying it away leaves nothing else. */
export async function seesAndRepairs(
  subject: Subject,
  tamper: () => Promise<unknown>,
  expected: Seen[],
): Promise<Brought> {
  await tamper();
  assert.deepEqual(await seen(subject), expected);
  const brought = await bring(subject.side, subject.live);
  const applied = brought.changes.map(({ address }) => address);
  if (!(subject.heals && applied.length === 0))
    assert.deepEqual(
      applied,
      expected.map(([, address]) => address),
    );
  assert.deepEqual(await seen(subject), []);
  return brought;
}

export async function seen({ side, live }: Omit<Looked, 'trace'>): Promise<Seen[]> {
  const found = differences(await side.desired(live), await side.observe(live));
  return found.map(({ kind, address, fields }) =>
    kind === 'update' ? [kind, address, fields.map(({ path }) => path)] : [kind, address],
  );
}

/** A plan has every difference, and no other. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDocument, stringify } from 'yaml';
import { analyse } from '../compile.ts';
import { differences } from '../diff/compare.ts';
import type { Plain, PlainObject, State } from '../diff/state.ts';
import type { Ir } from '../ir/types.ts';
import { describedObjects } from '../plan/objects.ts';
import { planOf } from '../plan/plan.ts';
import type { Plan, Side } from '../plan/types.ts';
import { edited } from './plan-cases.ts';
import { soundPlatforms } from './platforms.ts';
import { runs } from './runs.ts';
import { shuffled } from './shuffled.ts';
import { asSources } from './sources.ts';

type Files = ReadonlyMap<string, string>;

function sideOf(files: Files): Side {
  const sources = asSources(files);
  const { ir, findings } = analyse(sources);
  assert.ok(ir, findings.map(({ message }) => message).join('; '));
  return { ir: ir as Ir, code: sources.code, locks: sources.locks };
}

const isSpec = (path: string): boolean => /\.ya?ml$/.test(path);
const each = (files: Files, change: (path: string, text: string) => [string, string]): Files =>
  new Map([...files].map(([path, text]) => change(path, text)));

/** Comments that suppress must stay where they are. */
const SAME: Record<string, (files: Files) => Files> = {
  'keys in another order, in another layout, without comments': (files) =>
    each(files, (path, text) => [
      path,
      !isSpec(path) || text.includes('mlops: ignore') ? text : stringify(shuffled(parseDocument(text).toJS(), 7)),
    ]),
  'comments and empty lines': (files) =>
    each(files, (path, text) => [
      path,
      isSpec(path) ? `# Another word.\n\n${text}\n# The end.\n` : `# Note.\n\n${text}`,
    ]),
  'files in other folders': (files) =>
    each(files, (path, text) => [path.replace(/^features\//, 'features/elsewhere/'), text]),
};

const platforms = soundPlatforms().map(({ name, files }) => ({ name, files, side: sideOf(files) }));

for (const { name, files, side } of platforms)
  for (const [what, change] of Object.entries(SAME))
    test(`${name}: ${what} are no change`, () => {
      const other = change(files);
      assert.not.equal([...other], [...files]);
      const { changes } = planOf(side, sideOf(other));
      assert.equal(
        changes.map(({ code, address, field }) => [code, address, field]),
        [],
      );
    });

const statesOf = (ir: Ir): State =>
  new Map([...describedObjects(ir)].map(([address, { fields }]): [string, PlainObject] => [address, fields]));

/** Differences of two IRs, address by address, that no change of the plan has. */
function lost(plan: Plan, base: Ir, head: Ir): string[] {
  const within = (address: string, outer: string) => address === outer || address.startsWith(`${outer}/`);
  const renamed = plan.changes.flatMap(({ address, renamedFrom }) =>
    renamedFrom ? [renamedFrom.address, address] : [],
  );
  return differences(statesOf(head), statesOf(base)).flatMap(({ kind, address, fields }) => {
    const whole = plan.changes.filter((change) => change.kind === 'added' || change.kind === 'removed');
    if (kind !== 'update')
      return [...whole.map((change) => change.address), ...renamed].some((outer) => within(address, outer))
        ? []
        : [address];
    const own = plan.changes.filter((change) => change.address === address);
    return fields
      .filter(({ path }) => !own.some((change) => change.field === path || change.alsoFields?.includes(path)))
      .map(({ path }) => `${address} ${path}`);
  });
}

/** Every place of the IR in which a value stands, and another value for it. */
function edits(ir: Ir): string[] {
  return [...describedObjects(ir)].flatMap(([address, { of, fields }]) => [
    ...(PARTS.includes(of) ? [] : [`${address} removed`]),
    ...leaves(fields).map(([path, value]) => `${address} ${path} ${JSON.stringify(another(value))}`),
  ]);
}

/** They come and go with what they lie in. */
const PARTS = ['platform', 'label', 'train'];
/** Names are renamed elsewhere; a rule's own tests are no plain list. */
const UNTRIED = ['name', 'tests'];
/** One may go, but a word is no new one. */
const LISTS_OF_OBJECTS = ['limits'];

function leaves(value: Plain, path = ''): [string, Plain][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value)
    .filter(([key, inner]) => !(LISTS_OF_OBJECTS.includes(key) && Array.isArray(inner) && inner.length === 0))
    .filter(([key]) => !key.includes('/') && !key.includes(' ') && !UNTRIED.includes(key))
    .flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}/${key}`));
}

/** Words that mean something, each with the next; another word is one that nobody can tell. */
const WORDS: readonly (readonly Plain[])[] = [
  ['bool', 'int32', 'int64', 'float32', 'float64', 'string', 'timestamp', 'bool'],
  ['replace', 'append', 'overwrite_partition', 'replace'],
  ['reject', 'allow', 'reject'],
];

function another(value: Plain): Plain {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return value.length > 0 ? value.slice(0, -1) : ['one more'];
  const words = WORDS.find((each) => each.includes(value));
  if (words) return words[words.indexOf(value) + 1] as Plain;
  return value === null ? 1 : `${String(value)}2`;
}

for (const { name, side } of platforms)
  test(`${name}: whatever differs belongs to a change, and to none that nobody can tell`, () => {
    const all = edits(side.ir);
    let tried = 0;
    fc.assert(
      fc.property(fc.subarray(all, { minLength: 1, maxLength: 4 }), fc.boolean(), (chosen, isBack) => {
        const other = chosen.reduce((ir, edit) => {
          try {
            return edited(ir, edit);
          } catch {
            return ir;
          }
        }, side.ir);
        const [base, head] = isBack ? [other, side.ir] : [side.ir, other];
        const plan = planOf({ ir: base }, { ir: head });
        tried += 1;
        assert.equal(lost(plan, base, head), [], chosen.join('; '));
        const silent = plan.changes.filter(({ code, kind }) => code === 'PLN000' && kind === 'changed');
        assert.equal(
          silent.map(({ address, field }) => `${address} ${field}`),
          [],
        );
      }),
      runs(30),
    );
    console.log(`figure: ${tried} edits of ${name}, each difference in a change`);
  });

test.run();

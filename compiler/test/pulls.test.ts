/** Seeded pull requests: each is planned as the seeder says, and every changed byte has a reason. */
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, emit } from '../compile.ts';
import type { Ir } from '../ir/types.ts';
import { explainedFiles, type FileChange } from '../plan/files.ts';
import { planOf } from '../plan/plan.ts';
import type { Plan, PlannedChange, Side } from '../plan/types.ts';
import { type Files, readRepository } from './faults/repository.ts';
import { largeRepository } from './large.ts';
import { drawn, type Expected, type Pull, pullsOf } from './pulls/seeder.ts';
import { SEED, TIMES } from './runs.ts';
import { asSources } from './sources.ts';

interface Ground {
  files: Files;
  /** How many are tried, and of how many the files are explained, too. */
  tried: number;
  explained: number;
}

const GROUNDS: Record<string, Ground> = {
  sample: { files: readRepository(join(import.meta.dirname, 'faults/flights')), tried: 10, explained: 4 },
  flights: { files: readRepository(join(import.meta.dirname, 'platforms/flights')), tried: 10, explained: 4 },
  fraud: { files: readRepository(join(import.meta.dirname, 'platforms/fraud')), tried: 10, explained: 4 },
  large: { files: largeRepository(300), tried: 3, explained: 0 },
};

function sideOf(files: Files): Side | null {
  const { code, locks, ...sources } = asSources(files);
  const { ir } = analyse({ ...sources, code, locks });
  return ir ? { ir, code, locks } : null;
}

const filesOf = (ir: Ir): Map<string, string> => new Map(emit(ir).map(({ path, content }) => [path, content]));

interface Outcome {
  ground: string;
  pull: Pull;
  plan: Plan;
  /** Null where nobody asked. */
  files: FileChange[] | null;
}

const unsound: string[] = [];

const outcomes: Outcome[] = Object.entries(GROUNDS).flatMap(([ground, { files, tried, explained }]) => {
  const base = sideOf(files) as Side;
  const compiled = explained > 0 ? filesOf(base.ir) : new Map<string, string>();
  return drawn(pullsOf(files), tried * TIMES, SEED).flatMap((pull, index): Outcome[] => {
    const head = sideOf(pull.files);
    if (!head) {
      unsound.push(`${ground}: ${pull.what}`);
      return [];
    }
    const plan = planOf(base, head);
    const committed = {
      paths: new Set(compiled.keys()),
      holds: (path: string, text: string) => compiled.get(path) === text,
    };
    const asked = { base: base.ir, head: head.ir, changes: plan.changes, emit: filesOf, committed };
    return [{ ground, pull, plan, files: index < explained * TIMES ? explainedFiles(asked) : null }];
  });
});

const shown = ({ address, kind, field, class: each, code }: PlannedChange): string =>
  `${address} ${kind} ${field ?? ''} ${each} ${code}`;

const told = ({ ground, pull, plan }: Outcome): string =>
  `${ground}: ${pull.what}\n${plan.changes.map((each) => `    ${shown(each)}`).join('\n')}`;

test('the seeder leaves nine of ten repositories sound', () => {
  assert.ok(unsound.length * 10 <= outcomes.length + unsound.length, unsound.join('\n'));
});

test('nothing is planned where nothing of the platform changes: order, comments, moved files, unreached code', () => {
  const phantoms = outcomes.filter(({ pull, plan }) => pull.expected.length === 0 && plan.changes.length > 0);
  assert.equal(phantoms.map(told), []);
});

/** What is said of an object or of what lies in it, the worst first. */
const about = ({ changes }: Plan, object: string): PlannedChange[] =>
  changes.filter(({ address, renamedFrom }) =>
    [address, renamedFrom?.address].some((each) => each !== undefined && isWithin(each, object)),
  );

const agrees = (plan: Plan, { object, classes }: Expected): boolean => {
  const [worst] = about(plan, object);
  return worst !== undefined && classes.some((each) => each === worst.class);
};

test('what changes is found, and its class is one that a reader of the specs would name', () => {
  const said = outcomes.flatMap((outcome) => outcome.pull.expected.map((expected) => ({ outcome, expected })));
  const wrong = said.filter(({ outcome, expected }) => !agrees(outcome.plan, expected));
  console.log(
    `figure: ${outcomes.length} seeded pull requests: ${said.length - wrong.length} of ${said.length} classes`,
  );
  assert.equal(
    wrong.map(({ outcome, expected }) => `${told(outcome)}\n  ${expected.object}: ${expected.classes.join(', ')}`),
    [],
  );
});

/** Every address that the plan names, with the objects that hold it; of what was renamed, under both names. */
function namedIn({ changes, radius }: Plan): (address: string) => boolean {
  const all = [...changes, ...radius].map(({ address }) => address);
  const before = changes.flatMap(({ address: now, renamedFrom }) => {
    if (!renamedFrom) return [];
    return all.flatMap((each) => (isWithin(each, now) ? renamedFrom.address + each.slice(now.length) : []));
  });
  return (address) => [...all, ...before].some((each) => isWithin(each, address));
}

const isWithin = (address: string, object: string): boolean => address === object || address.startsWith(`${object}/`);

test('whatever holds, reads or serves what changed is named', () => {
  const missed = outcomes.flatMap((outcome) => {
    if (!outcome.pull.radius) return [];
    const isNamed = namedIn(outcome.plan);
    const { views, models, topics, apis } = outcome.pull.radius;
    const expected = [
      ...views.map((name) => `feature_view/${name}`),
      ...models.map((name) => `model/${name}`),
      ...apis.map((name) => `model/${name}/online`),
    ];
    const missing = expected.filter((address) => !isNamed(address));
    const isOfStream = views.some((name) => isNamed(`feature_view/${name}/stream`));
    return [...missing, ...(isOfStream ? [] : topics)].map((name) => `${told(outcome)}\n  misses ${name}`);
  });
  assert.equal(missed, []);
});

const HARMLESS = ['metadata', 'compatible'];

test('bytes of clean builds differ just where something is planned, and each file has its reason', () => {
  const explained = outcomes.filter(({ files }) => files !== null);
  const reasons = explained.flatMap((outcome) => (outcome.files ?? []).map(({ because }) => because));
  const wrong = explained.filter(({ files, plan }) => {
    const made = files?.some(({ because }) => because === 'changes') === true;
    const other = files?.some(({ because }) => because === 'unexplained' || because === 'rendering') === true;
    // Code is in no generated file, nor is what only people read.
    const isWritten = plan.changes.some(({ field, class: each }) => field !== 'code' && !HARMLESS.includes(each));
    return other || (made && plan.changes.length === 0) || (!made && isWritten);
  });
  console.log(
    `figure: ${reasons.length} files differ over ${explained.length} pull requests: ` +
      `${reasons.filter((each) => each === 'changes').length} by what is planned, ` +
      `${reasons.filter((each) => each === 'moved').length} by a moved spec, 0 for no known reason`,
  );
  assert.equal(
    wrong.map((each) => `${told(each)}\n${JSON.stringify(each.files?.filter(({ because }) => because !== 'moved'))}`),
    [],
  );
});

test.run();

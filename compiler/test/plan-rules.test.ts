/** The rules of the plan as a whole: what each speaks of is there, and of all that is there one speaks. */
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { catalog } from '../catalog.ts';
import { analyse } from '../compile.ts';
import type { Plain } from '../diff/state.ts';
import type { Ir } from '../ir/types.ts';
import { describedObjects } from '../plan/objects.ts';
import { changeRules as rules } from '../plan/rules/registry.ts';
import { withTeamCode } from '../plan/team-code.ts';
import { readSources } from '../source/read.ts';
import type { ObjectKind } from '../tools/change-rule.ts';
import { PLATFORMS } from './fixture.ts';

const platforms = ['flights', 'fraud'].map((name) => {
  const sources = readSources(join(PLATFORMS, name));
  return { ir: analyse(sources).ir as Ir, code: sources.code, locks: sources.locks };
});

/** `feature/unit`: all fields that objects have, down to what a team names freely. */
const fields = new Map<ObjectKind, Set<string>>();
for (const side of platforms)
  for (const { of, fields: own } of withTeamCode(describedObjects(side.ir), side).values()) {
    const all = fields.get(of) ?? new Set();
    fields.set(of, all);
    for (const path of pathsIn(own)) all.add(path);
  }

function pathsIn(value: Plain, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  const inside = Object.entries(value).flatMap(([key, each]) => pathsIn(each, path === '' ? key : `${path}/${key}`));
  return path === '' ? inside : [path, ...inside];
}

const isOver = (rule: string, field: string): boolean => field === rule || field.startsWith(`${rule}/`);

test('of each field of each object a rule speaks', () => {
  const silent = [...fields].flatMap(([of, all]) => {
    const spoken = rules.filter((rule) => rule.of.includes(of)).flatMap((rule) => rule.fields);
    return [...all]
      .filter((field) => field !== 'name' && !spoken.some((each) => isOver(each, field) || isOver(field, each)))
      .map((field) => `${of}/${field}`);
  });
  assert.equal(silent, []);
});

test('of each object that comes or goes a rule speaks, and of each that can be renamed', () => {
  const silent = [...fields.keys()].flatMap((of) =>
    (['added', 'removed'] as const)
      .filter((on) => !rules.some((rule) => rule.of.includes(of) && rule.on.includes(on)))
      .map((on) => `${of} ${on}`),
  );
  // These are part of what they lie in, and come and go with that alone.
  assert.equal(silent, ['platform removed', 'label added', 'label removed', 'train added', 'train removed']);
});

test('a rule speaks of fields that there are', () => {
  const wrong = rules.flatMap(({ code, of, fields: over }) =>
    over
      .filter((field) => !of.some((kind) => [...(fields.get(kind) ?? [])].some((each) => isOver(field, each))))
      .map((field) => `${code}: ${field}`),
  );
  assert.equal(wrong, []);
});

test('a code is that of one rule, and of no finding; what a rule says are sentences', () => {
  const codes = rules.map(({ code }) => code);
  assert.is(new Set(codes).size, codes.length);
  assert.ok(codes.length > 200, `${codes.length} rules`);
  assert.equal(
    codes.filter((code) => Object.hasOwn(catalog, code)),
    [],
  );
  for (const { code, title, why, whatToDo } of rules) {
    assert.match(code, /^[A-Z]{3}\d{3}$/);
    assert.not.match(title, /\.$/, code);
    assert.match(why, /\.$/, code);
    assert.not.match(whatToDo, /\.$/, code);
  }
  console.log(`figure: ${codes.length} rules of the plan`);
});

test.run();

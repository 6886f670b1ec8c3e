/** Seeded faults are found: each by its code, at its line and column, with no followers. */
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Files, readRepository } from './faults/repository.ts';
import { type Fault, faultsOf } from './faults/seeder.ts';
import { PLATFORMS } from './fixture.ts';
import { SEED, TIMES } from './runs.ts';
import { asSources } from './sources.ts';

const REPOSITORIES = {
  flights: join(import.meta.dirname, 'faults/flights'),
  fraud: join(PLATFORMS, 'fraud'),
  shop: join(import.meta.dirname, 'base'),
};

const findingsOf = (files: Files): Finding[] => analyse(asSources(files)).findings;

for (const [name, root] of Object.entries(REPOSITORIES))
  test(`the platform ${name} has no findings`, () => {
    assert.equal(
      findingsOf(readRepository(root)).map(({ code, at, message }) => `${code} ${at.file}:${at.line} ${message}`),
      [],
    );
  });

interface Outcome {
  fault: Fault;
  name: string;
  findings: Finding[];
  /** The finding that tells the fault. */
  told: Finding | undefined;
}

const outcomes: Outcome[] = Object.entries(REPOSITORIES).flatMap(([name, root], index) =>
  faultsOf(readRepository(root), index + 1).map((fault) => {
    const findings = findingsOf(fault.files);
    return { fault, name, findings, told: findings.find(({ code }) => fault.codes.includes(code)) };
  }),
);

const shown = ({ fault, name, findings }: Outcome): string =>
  `${name}: ${fault.codes.join('/')} ${fault.what} at ${fault.at.file}:${fault.at.line}:${fault.at.column}; found ${
    findings.map(({ code, at, message }) => `${code} ${at.file}:${at.line}:${at.column} ${message}`).join(' | ') ||
    'nothing'
  }`;

const share = (good: readonly unknown[], all: readonly unknown[]): number => good.length / all.length;

test('every seeded fault is found', () => {
  assert.ok(outcomes.length >= 300, `${outcomes.length} faults`);
  assert.equal(outcomes.filter(({ told }) => !told).map(shown), []);
});

const isExact = ({ fault, told }: Outcome): boolean =>
  told !== undefined &&
  told.at.file === fault.at.file &&
  told.at.line === fault.at.line &&
  told.at.column === fault.at.column;

test('at least 95 % of the faults are found at their exact line and column', () => {
  const inexact = outcomes.filter((each) => each.told && !isExact(each));
  console.log(
    `figure: ${outcomes.length} seeded faults: ${outcomes.length - inexact.length} at their exact line and column`,
  );
  assert.ok(share(inexact, outcomes) <= 0.05, inexact.map(shown).join('\n'));
});

test('a fault has at most 1.2 findings', () => {
  const total = outcomes.reduce((sum, { findings }) => sum + findings.length, 0);
  console.log(`figure: ${(total / outcomes.length).toFixed(3)} findings a fault`);
  assert.ok(
    total / outcomes.length <= 1.2,
    outcomes
      .filter(({ findings }) => findings.length > 1)
      .map(shown)
      .join('\n'),
  );
});

/** As a name of its own or as a part of one, such as `train` in 'train.py', in the help. */
const names = (told: Finding | undefined, meant: string): boolean =>
  new RegExp(`did you mean '([^' ]*[./])?${meant}([./][^' ]*)?'`).test(told?.help ?? '');

test('of a thousand generated typos the help names what was meant in at least 90 %', () => {
  const wrong: string[] = [];
  let count = 0;
  for (let seed = 1000 * SEED; count < 1000 * TIMES; seed += 1)
    for (const [name, root] of Object.entries(REPOSITORIES))
      for (const fault of faultsOf(readRepository(root), seed).filter(({ meant }) => meant !== null)) {
        const findings = findingsOf(fault.files);
        const told = findings.find(({ code }) => fault.codes.includes(code));
        count += 1;
        if (!names(told, fault.meant ?? '')) wrong.push(shown({ fault, name, findings, told }));
      }
  console.log(
    `figure: ${count} misspelt names: the help names what was meant for ${count - wrong.length} ` +
      `(${((100 * (count - wrong.length)) / count).toFixed(1)} %)`,
  );
  assert.ok(wrong.length / count <= 0.1, wrong.join('\n'));
});

test.run();

/** What uv writes is a lock; each damage of it is found at its line. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { locks } from '../checks/locks.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import { numbers } from './numbers.ts';
import { SEED, TIMES } from './runs.ts';

const RUNTIME = join(import.meta.dirname, '../../runtime');
const ours = ['requirements.lock', 'requirements-dev.lock', 'images/platform/jupyter.lock'].map((name) =>
  readFileSync(join(RUNTIME, name), 'utf8'),
);

const findingsIn = (text: string): Finding[] =>
  locks.run({ locks: new Map([['models/churn/requirements.lock', text]]) } as unknown as ResolvedGraph, '2026-11-25');

test("the platform's own locks have no finding", () => {
  for (const text of ours) assert.equal(findingsIn(text), []);
  const packages = ours.join('\n').match(/^[A-Za-z0-9].*==/gm)?.length ?? 0;
  assert.ok(packages > 300);
  console.log(`figure: 0 findings in ${packages} packages that uv has locked`);
});

/** A package: its line, and those of its hashes. */
const DAMAGES: ((block: string) => string)[] = [
  (block) => block.replace('==', '>='),
  (block) => block.replace(/==[^\s\\;]+/, ''),
  (block) => block.replace(/==[^\s\\;]+/, '==1.*'),
  (block) => block.replace(/\s*\\\n[\s\S]*$/, '\n'),
  (block) => block.replace(/sha256:[0-9a-f]{4}/, 'sha256:'),
  (block) => block.replace(/--hash=/, '--hsah='),
  (block) => block.replace(/^(\S+?)==\S+/, '$1 @ https://example.com/$1.whl'),
  () => '--extra-index-url https://packages.example.com/simple\n',
  () => '-r other.txt\n',
  () => '-e git+https://example.com/churn.git#egg=churn\n',
  () => '<<<<<<< HEAD\n',
];

test('every damage of a lock is one finding, at its line', () => {
  const random = numbers(SEED);
  const [text = ''] = ours;
  const blocks = text.split(/^(?=[A-Za-z0-9])/m).slice(0, 60);
  let count = 0;
  for (const damage of DAMAGES)
    for (let round = 0; round < 30 * TIMES; round += 1) {
      const index = 1 + Math.floor(random() * (blocks.length - 1));
      const before = blocks.slice(0, index).join('');
      const damaged = `${before}${damage(blocks[index] ?? '')}${blocks.slice(index + 1).join('')}`;
      const found = findingsIn(damaged);
      assert.equal(
        found.map(({ at }) => at.line),
        [before.split('\n').length],
        damage(blocks[index] ?? ''),
      );
      count += 1;
    }
  console.log(`figure: ${count} damages of a lock, each found at its line`);
});

test.run();

/** How the tutorial is read: what would make a wrong one pass, fails. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { blocksOf, changed, isShown } from '../../scripts/tutorial.ts';

test('blocks of commands, edits and output are found in order, with their lines', () => {
  const text = 'a\n\n```sh fails\nnpm test\n```\n\n```diff a/b.yaml\n-x\n+y\n```\n```text\nout\n```\n';
  assert.equal(blocksOf(text), [
    { language: 'sh', about: 'fails', text: 'npm test', line: 3 },
    { language: 'diff', about: 'a/b.yaml', text: '-x\n+y', line: 7 },
    { language: 'text', about: '', text: 'out', line: 11 },
  ]);
  assert.throws(() => blocksOf('```sh\nnpm test\n'), /line 1: the block has no end/);
});

test('an edit is applied where its lines stand once, and nowhere else', () => {
  assert.is(changed('a\nb\nc\n', '-b\n+d\n+e'), 'a\nd\ne\nc\n');
  assert.is(changed('a\nb\nc\n', ' a\n-b\n+d'), 'a\nd\nc\n');
  assert.throws(() => changed('b\nb\n', '-b\n+d'), /does not hold once/);
  assert.throws(() => changed('a\n', '-b\n+d'), /does not hold once/);
});

test('output is what is shown: each line in order, any text at …, any lines at a line of it', () => {
  const output = 'one 12 s\ntwo\nthree\nfour\n';
  for (const shown of ['one … s\ntwo', 'one …\n…\nfour', 'two\nthree', '…\nthree', 'one 12 s'])
    assert.ok(isShown(output, shown), shown);
  for (const shown of ['one … m', 'two\nfour', 'wo\nthree', 'three\n…\ntwo', 'five', 'one (12) s'])
    assert.not.ok(isShown(output, shown), shown);
});

test.run();

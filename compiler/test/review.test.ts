/** What a pull request is answered with: nothing of the specs acts in it, and what must be seen is. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { printSarif } from '../diagnostics/print-sarif.ts';
import type { PlanDocument } from '../plan/document.ts';
import type { PlannedChange } from '../plan/types.ts';
import { brokenComment } from '../review/broken.ts';
import { LONGEST_COMMENT, planComment } from '../review/comment.ts';
import { planAnnotations, planCatalog, planFindings } from '../review/findings.ts';
import { planPage } from '../review/page.ts';
import { CLASSES } from '../tools/change-rule.ts';
import { runs } from './runs.ts';
import { requireTame } from './tame.ts';

const ATTACKS = [
  ...[
    '@octocat',
    '@mlops/owners',
    'see #1',
    'GH-12',
    'https://evil.example',
    'www.evil.example',
    'mailto:a@evil.example',
  ],
  ...['<img src=x onerror=alert(1)>', '</details>', '</code>', '</table>', '<!-- mlops review -->', '-->', '&lt;b&gt;'],
  ...['[a](javascript:alert(1))', '![a](https://evil.example/a.png)', '<javascript:alert(1)>', '[a]: javascript:a'],
  ...[
    '```',
    '\n```\n',
    '~~~',
    '\n\n# title',
    '\n\n- item',
    '| cell |',
    '`@octocat`',
    '`` ` ``',
    '\\`@octocat\\`',
    '\\|',
  ],
  ...['**bold**', '_slanted_', '~~gone~~', '$x$', '[^1]', '[x]', '\u202e@octocat', '\u001b[31m', '\ud800', 'a\u200b@b'],
  ...[
    '"]; click c0 href "javascript:alert(1)"',
    'end',
    '%%{init: {}}%%',
    '"]:::breaking',
    '#quot;',
    '<br>',
    "'><script>",
  ],
];

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...ATTACKS), fc.string({ unit: 'grapheme', maxLength: 12 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join(''));

const changeOf = (words: Partial<PlannedChange>): PlannedChange => ({
  ...{ address: 'feature_view/a/feature/b', of: 'feature', name: 'a.b', kind: 'changed', class: 'breaking' },
  ...{ code: 'PLN100', sentence: 'it changes', whatToDo: 'Look', certainty: 'certain', owner: null },
  origin: { file: 'features/a.yaml', path: '', line: 1, side: 'head' },
  ...words,
});

const documentOf = (changes: PlannedChange[], words = 'x'): PlanDocument => ({
  format: 1,
  compared: { base: null, head: null, notes: [words] },
  plan: {
    planVersion: 1,
    verdict: { class: 'breaking', counts: { breaking: changes.length }, owners: [words] },
    changes,
    radius: [
      { address: `model/${words}`, of: 'model', name: words, owner: words, from: changes[0]?.address ?? '', via: [] },
    ],
    work: [{ kind: 'backfill', subject: words, from: words, reason: words, command: words }],
    order: [{ title: 'first', addresses: [words], names: [words] }],
  },
  files: [{ path: words, kind: 'added', because: 'changes', addresses: [words] }],
});

const changeFrom = (text: string, kind: PlannedChange['kind'], index: number): PlannedChange =>
  changeOf({
    ...{
      address: `${index}${text}`,
      name: text,
      kind,
      sentence: text,
      whatToDo: text,
      class: CLASSES[index % 8] ?? 'breaking',
    },
    ...{ renamedFrom: { address: text, evidence: text }, origin: { file: text, path: '', line: 1, side: 'head' } },
  });

const PAGE = new RegExp(
  '^</?(!doctype html|html lang="en"|html|meta [a-z0-9=" -]+|title|h1|h2|p|br|table|tr|th|b|ul|li|code' +
    String.raw`|code class="place"|td|td class="class \w+")>$`,
);
test('no text of the specs acts in a comment', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(hostile, fc.constantFrom('changed', 'removed')), { minLength: 1, maxLength: 6 }),
      (texts) => {
        const changes = texts.map(([text, kind], index) => changeFrom(text, kind as 'changed', index));
        const document = documentOf(changes, texts[0]?.[0]);
        for (const room of [LONGEST_COMMENT, 900, 700])
          if (textOrNull(document, room)) requireTame(textOrNull(document, room) ?? '');
        const comment = planComment(document);
        const picture = /```mermaid\n(.*?)\n```/s.exec(comment)?.[1] ?? '';
        const NODE = String.raw`(c\d+|r\d+|more)(\["[^"<>;]*"\]|\(\["([^"<>]|<br>)*"\]\)):::\w+`;
        const LINE = new RegExp(String.raw`^(flowchart LR| {2}(${NODE}|\w+ --> \w+|classDef .*))$`);
        for (const line of picture.split('\n').filter(Boolean)) assert.match(line.replace(/#\d+;/g, ''), LINE);
      },
    ),
    runs(150),
  );
});

function textOrNull(document: PlanDocument, room: number): string | null {
  try {
    return planComment(document, room);
  } catch {
    return null;
  }
}

test('no text of the specs acts in the comment on what does not compile, nor in the page', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const at = { file: text, line: 1, column: 1, endLine: 1, endColumn: 1, path: '' };
      const finding = {
        ...{ code: 'FEA001', rule: null, severity: 'error' as const, message: text, at },
        related: [],
        help: text,
        fix: null,
      };
      requireTame(brokenComment([finding]));
      const page = planPage(documentOf([changeFrom(text, 'changed', 0)], text));
      const tags = page.replace(/<style>.*?<\/style>/s, '').match(/<[^>]*>/g) ?? [];
      for (const tag of tags) assert.match(tag, PAGE);
    }),
    runs(150),
  );
});

test('of many changes no break and no deletion is left out, and a comment is never too long', () => {
  const kinds = fc.constantFrom(...(['added', 'removed', 'changed'] as const));
  const change = fc.record({
    class: fc.constantFrom(...CLASSES),
    kind: kinds,
    sentence: fc.string({ minLength: 1, maxLength: 900 }),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), fc.constantFrom(1, 5, 40), (some, times) => {
      const changes = Array.from({ length: times }, () => some)
        .flat()
        .map((words, index) =>
          changeOf({ ...words, address: `a/${index}`, name: `view_${index % 90}.feature_${index}` }),
        );
      const comment = planComment(documentOf(changes));
      assert.ok([...comment].length <= LONGEST_COMMENT && comment.length <= LONGEST_COMMENT);
      for (const each of changes)
        if (each.class === 'breaking' || each.kind === 'removed')
          assert.match(comment, new RegExp(`\\bfeature_${changes.indexOf(each)}\\b`));
    }),
    runs(25),
  );
});

test('ten thousand breaks, whose names alone are too long, are counted by what they lie in', () => {
  const changes = Array.from({ length: 10_000 }, (_, index) =>
    changeOf({ address: `a/${index}`, name: `view_${index % 7}.a_feature_with_a_long_name_${index}` }),
  );
  const comment = planComment(documentOf(changes));
  assert.ok(comment.length <= LONGEST_COMMENT);
  assert.match(comment, '- **breaking**, feature of `view_0`: 1429');
});

test('errors come first, and those that a comment has no room for are counted', () => {
  const at = { file: 'a.yaml', line: 1, column: 1, endLine: 1, endColumn: 1, path: '' };
  const finding = (message: string) => ({
    ...{ code: 'FEA001', rule: null, message, at },
    related: [],
    help: null,
    fix: null,
  });
  const findings = [
    { ...finding('harmless'), severity: 'warning' as const },
    ...Array.from({ length: 2000 }, (_, index) => ({ ...finding(`wrong ${index}`), severity: 'error' as const })),
  ];
  const comment = brokenComment(findings);
  assert.ok(comment.length <= LONGEST_COMMENT);
  assert.match(comment, 'Does not compile: 2000 errors');
  const listed = comment.match(/^\| error/gm)?.length ?? 0;
  assert.match(comment, `${2001 - listed} more: `);
});

test('annotations stand where head has the line, and a break is a failure', () => {
  const gone = changeOf({ kind: 'removed', origin: { file: 'features/a.yaml', path: '', line: 9, side: 'base' } });
  const { plan } = documentOf([changeOf({}), changeOf({ address: 'b', class: 'metadata' }), { ...gone, address: 'c' }]);
  assert.equal(
    planAnnotations(plan).map((each) => [each.path, each.start_line, each.annotation_level]),
    [
      ['features/a.yaml', 1, 'failure'],
      ['features/a.yaml', 1, 'notice'],
    ],
  );
});

test('SARIF of a plan is as its official validator wants it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-review-'));
  const { plan } = documentOf(['one', 'two\u001b', '<b>'].map((text, index) => changeFrom(text, 'changed', index)));
  const printed = printSarif(planFindings(plan), [], () => undefined, { version: '1.0.0', catalog: planCatalog });
  writeFileSync(join(folder, 'plan.sarif'), printed);
  const validator = join(import.meta.dirname, '../../node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool');
  try {
    assert.is(JSON.parse(printed).runs[0].results.length, 3);
    chmodSync(validator, 0o755);
    const { stdout, status } = spawnSync(validator, ['validate', join(folder, 'plan.sarif')], {
      encoding: 'utf8',
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
    });
    assert.is(status, 0, stdout);
    const complaints = stdout.split('\n').filter((line) => /: (error|warning) /.test(line));
    assert.equal(
      complaints.filter((line) => !line.includes('informationUri')),
      [],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();

/** Which texts are Python: held against Python itself; and what a repository can make the compiler read has an end. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import { Budget, DeadlineExceeded } from '../link/deadline.ts';
import { platformPackages } from '../link/generated/modules.ts';
import { faultIn, readWithin } from '../link/python-syntax.ts';
import { readSources, TOO_MUCH_PYTHON } from '../source/read.ts';
import { randomNumbers, readRepository } from './faults/repository.ts';
import { askPython } from './python-batch.ts';
import { SEED, TIMES } from './runs.ts';
import { asSources } from './sources.ts';

/** Python files of the standard library, every so manieth, with Python's own verdict. */
const LIBRARY = `
import random, sysconfig, warnings
from pathlib import Path
warnings.simplefilter("ignore")
def verdict(text):
    try:
        compile(text, "x", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return str(error)
    return None
if isinstance(questions, int):
    texts = []
    for file in sorted(Path(sysconfig.get_paths()["stdlib"]).rglob("*.py"))[::questions]:
        if "site-packages" in file.parts or file.stat().st_size > 200_000:
            continue
        try:
            texts.append(file.read_bytes().decode())
        except UnicodeDecodeError:
            continue
else:
    texts = questions
answers = [[text, verdict(text)] for text in texts]
`;

type Verdict = [text: string, refusal: string | null];
const library = askPython(LIBRARY, Math.max(1, Math.floor(12 / TIMES))) as Verdict[];

/** What a newer Python than the oldest one accepts is refused on purpose. */
const reasonOf = (text: string): string | null => {
  const { reason } = faultIn(text) ?? {};
  return reason === undefined || /syntax was added in/.test(reason) ? null : reason;
};

const differences = (verdicts: readonly Verdict[]): string[] =>
  verdicts.flatMap(([text, refusal]) => {
    const reason = reasonOf(text);
    return (reason === null) === (refusal === null) ? [] : [`${JSON.stringify(text)}: ${reason} / ${refusal}`];
  });

test("Python's own library is accepted as Python accepts it", () => {
  console.log(`figure: ${library.length} files of Python's library: ${differences(library).length} judged otherwise`);
  assert.ok(library.length >= 100, `${library.length}`);
  assert.equal(differences(library), []);
});

const SLIPS: readonly ((text: string, at: number) => string)[] = [
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at) => `${text.slice(0, at)}${text[at]}${text.slice(at)}`,
  ...[
    '(',
    ')',
    ':',
    ' ',
    '=',
    '"',
    '\n',
    '\t',
    '*',
    ' yield ',
    ' return ',
    ' async ',
    '\\',
    ' in ',
    '0',
    ',',
    '{',
    '#',
  ].map((piece) => (text: string, at: number) => `${text.slice(0, at)}${piece}${text.slice(at)}`),
];

test('files with one slip are refused exactly where Python refuses them', () => {
  const random = randomNumbers(SEED);
  const short = library.map(([text]) => text).filter((text) => text.length > 200 && text.length < 6_000);
  const slipped = Array.from({ length: 600 * TIMES }, () => {
    const text = short[Math.floor(random() * short.length)] as string;
    const slip = SLIPS[Math.floor(random() * SLIPS.length)] as (typeof SLIPS)[number];
    return slip(text, Math.floor(random() * text.length));
  });
  const verdicts = askPython(LIBRARY, slipped) as Verdict[];
  const broken = verdicts.filter(([, refusal]) => refusal !== null);
  const wrong = differences(verdicts);
  console.log(
    `figure: ${verdicts.length} files with a slip, of which Python refuses ${broken.length}: ` +
      `${wrong.length} judged otherwise`,
  );
  assert.ok(broken.length >= 300, `${broken.length}`);
  const right = new Set(verdicts.flatMap(([text, refusal]) => (refusal === null ? [text] : [])));
  assert.equal(
    [...right].filter((text) => reasonOf(text) !== null),
    [],
  );
  // Tabs mixed with spaces, which Python counts otherwise, and the little that only its bytecode compiler refuses.
  assert.ok(wrong.length <= 0.01 * verdicts.length, wrong.join('\n'));
});

test('a text that takes the parser too long, or too deep, is left, and the next one is read', () => {
  const read = (text: string, each = 60_000) =>
    readWithin(new Budget({ all: each, each }), () => faultIn(text)?.reason ?? 'sound');
  const left = (text: string, each?: number) => (read(text, each) as { reason: string }).reason;
  assert.is(read('x = 1\n'), 'sound');
  assert.is(left(`x = ${'"a" '.repeat(100_000)}`, 300), 'it takes too long');
  assert.is(left('('.repeat(500_000)), 'it is nested too deeply');
  assert.is(read('x = 2\n'), 'sound');
});

test('when the time for all Python is used up, no further file is parsed', () => {
  const budget = new Budget({ all: 200, each: 10_000 });
  let parsed = 0;
  for (let index = 0; index < 100; index += 1)
    readWithin(budget, () => {
      parsed += 1;
      for (;;);
    });
  assert.ok(parsed < 10, `${parsed} were parsed`);
  assert.throws(
    () => budget.spend(() => null),
    (error: Error) => error instanceof DeadlineExceeded,
  );
});

const base = readRepository(join(import.meta.dirname, 'base'));

const told = (files: ReadonlyMap<string, string | Buffer>): string[] => {
  const root = mkdtempSync(join(tmpdir(), 'mlops-python-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return analyse(readSources(root)).findings.map(({ code, message }) => `${code} ${message}`);
  } finally {
    rmSync(root, { recursive: true });
  }
};

test('a file over the limit, or in no encoding, is said where a spec names it, or code imports it', () => {
  const large = `# ${'x'.repeat(1024 * 1024)}\n`;
  assert.equal(told(new Map([...base, ['models/churn/train.py', large]])), [
    'PIP011 models/churn/train.py is not read: it has 1048579 bytes, and at most 1048576 are read.',
  ]);
  const importing = `import other\n${base.get('models/churn/train.py')}`;
  const latin = Buffer.from('x = "\xe9"\n', 'latin1');
  const beside = (text: string | Buffer) =>
    told(new Map([...base, ['models/churn/train.py', importing], ['models/churn/other.py', text]]));
  assert.equal(beside(large), [
    'PYT002 models/churn/other.py is not read: it has 1048579 bytes, and at most 1048576 are read.',
  ]);
  assert.equal(beside(latin), [
    'PYT002 models/churn/other.py is not read: it is not UTF-8, and states no other encoding.',
  ]);
  assert.equal(beside(Buffer.concat([Buffer.from('# -*- coding: latin-1 -*-\n'), latin])), []);
});

test('however much Python there is, eight megabytes are read, and the rest is one finding', () => {
  const junk = Array.from({ length: 12 }, (_, index): [string, string] => [
    `models/zz/junk${String(index).padStart(2, '0')}.py`,
    `${'#'.repeat(1024 * 1024 - 1)}\n`,
  ]);
  const findings = told(new Map([...base, ...junk]));
  assert.equal(findings, [`PYT002 models/zz/junk07.py is not read: ${TOO_MUCH_PYTHON}.`]);
});

test('Python nested beyond all use is a finding, and no crash', () => {
  const findings = analyse(asSources(new Map([...base, ['pipelines/clicks/deep.py', '('.repeat(500_000)]]))).findings;
  assert.equal(
    findings.map(({ code, severity, message }) => [code, severity, message]),
    [['PYT002', 'warning', 'pipelines/clicks/deep.py is not checked: it is nested too deeply.']],
  );
});

test("the list of the platform's modules is of the lock that is there", () => {
  const lock = readFileSync(join(import.meta.dirname, '../../runtime/requirements.lock'), 'utf8');
  const locked = [...lock.matchAll(/^([A-Za-z0-9][\w.-]*)==/gm)].map(([, name = '']) =>
    name.replace(/[-_.]+/g, '-').toLowerCase(),
  );
  assert.equal(Object.keys(platformPackages).sort(), [...new Set(locked)].sort());
});

test.run();

/** Machine formats: JSON as its schema says, SARIF as its official validator wants it, fingerprints that stay. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { catalog } from '../catalog.ts';
import { analyse } from '../compile.ts';
import { fingerprints } from '../diagnostics/fingerprint.ts';
import { printGithub } from '../diagnostics/print-github.ts';
import { printJson } from '../diagnostics/print-json.ts';
import { printSarif } from '../diagnostics/print-sarif.ts';
import { printText } from '../diagnostics/print-text.ts';
import { type Files, readRepository } from './faults/repository.ts';
import { faultsOf } from './faults/seeder.ts';
import { asSources } from './sources.ts';

const ROOT = join(import.meta.dirname, '../..');
const base = readRepository(join(import.meta.dirname, 'base'));
const faults = faultsOf(base, 7);

const excused = (base.get('features/clicks.yaml') ?? '').replace(
  'features:',
  'features:\n  idle: {type: float64} # mlops: ignore FEA015 until 2027-03-31 because the report reads it',
);

/** Many findings at once: the faults of all files that differ from one another. */
const many: Files = new Map([
  ...base,
  ...faults.flatMap(({ files }) => [...files].filter(([file, text]) => base.get(file) !== text)),
  ['features/clicks.yaml', excused],
  ['features/Ä b%.yaml', 'kind: FeatureView\nttl: 7 days\n'],
]);

const analysed = (files: Files) => {
  const { findings, suppressed, texts } = analyse(asSources(files));
  return { findings, suppressed, textOf: (file: string) => texts.get(file) };
};

test('JSON is what its schema says, with exact edits', () => {
  const validate = new Ajv2020().compile(
    JSON.parse(readFileSync(join(ROOT, 'compiler/diagnostics/findings.schema.json'), 'utf8')),
  );
  for (const files of [base, many]) {
    const { findings, suppressed, textOf } = analysed(files);
    const printed = JSON.parse(printJson(findings, suppressed, textOf));
    assert.ok(validate(printed), JSON.stringify(validate.errors));
  }
  const { findings, suppressed, textOf } = analysed(
    new Map([...base, ['features/clicks.yaml', (base.get('features/clicks.yaml') ?? '').replace('7d', '7 days')]]),
  );
  const [edit] = JSON.parse(printJson(findings, suppressed, textOf)).findings[0].fix.edits;
  assert.equal([edit.at.line, edit.at.column, edit.at.endColumn, edit.to], [3, 6, 12, '7d']);
});

test('a file is read once, however many findings it has', () => {
  const { findings, textOf } = analysed(many);
  const asked = new Map<string, number>();
  const counted = (file: string) => {
    asked.set(file, (asked.get(file) ?? 0) + 1);
    return textOf(file);
  };
  fingerprints(findings, counted);
  assert.ok(findings.length > asked.size);
  assert.equal([...new Set(asked.values())], [1]);
  asked.clear();
  printText(findings, { color: false, catalog, textOf: counted });
  assert.equal([...new Set(asked.values())], [1]);
});

test('SARIF is valid for the official validator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-sarif-'));
  const validator = join(ROOT, 'node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool');
  try {
    chmodSync(validator, 0o755);
    for (const [name, files] of Object.entries({ none: base, many })) {
      const { findings, suppressed, textOf } = analysed(files);
      writeFileSync(
        join(folder, `${name}.sarif`),
        printSarif(findings, suppressed, textOf, { version: '0.1.0', catalog }),
      );
    }
    const { stdout, status } = spawnSync(validator, ['validate', join(folder, '*.sarif')], {
      encoding: 'utf8',
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
    });
    assert.match(stdout, 'Analysis completed successfully');
    assert.match(stdout, '2 files scanned');
    const complaints = stdout
      .split('\n')
      .filter((line) => /: (error|warning) /.test(line) && !line.includes('informationUri'));
    assert.equal(complaints, []);
    assert.is(status, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('fingerprints stay when lines move, and tell findings apart', () => {
  const names = (files: Files): string[] => {
    const { findings, textOf } = analysed(files);
    return fingerprints(findings, textOf).sort();
  };
  for (const { files, what } of faults) {
    const before = names(files);
    const moved: Files = new Map(
      [...files].map(([file, text]) => [file, file.endsWith('.yaml') ? `# one\n\n# three\n${text}` : text]),
    );
    assert.ok(before.length > 0, what);
    assert.is(new Set(before).size, before.length, what);
    assert.equal(names(moved), before, what);
  }
});

test('a finding keeps its fingerprint when another item is put before its own', () => {
  const named = (features: string) => {
    const { findings, textOf } = analysed(
      new Map([
        ...base,
        [
          'models/churn/model.yaml',
          (base.get('models/churn/model.yaml') ?? '').replace(/features: .*/, `features: ${features}`),
        ],
      ]),
    );
    const index = findings.findIndex(({ code }) => code === 'FEA001');
    return fingerprints(findings, textOf)[index];
  };
  assert.is(named('[clicks.mean_sty]'), named('[clicks.clicks_24h, clicks.mean_sty]'));
});

test('no format hands on what a terminal would obey', () => {
  const hostile = 'kind: Entity\njoin_key: "\\e[2J\\u202e\\x07"\n"\\e]0;x": 1\n';
  const { findings, texts } = analyse(asSources(new Map([...base, ['features/hostile.yaml', hostile]])));
  const textOf = (file: string) => texts.get(file);
  assert.ok(
    findings.some(({ message }) => message.includes('\x1b')),
    'no finding quotes the hostile text',
  );
  for (const printed of [
    printText(findings, { color: false, catalog, textOf }),
    printGithub(findings),
    printJson(findings, [], textOf),
    printSarif(findings, [], textOf, { version: '1.0.0', catalog }),
  ])
    assert.not.match(printed.replaceAll('\n', ''), /\p{Cc}|\u202e/u);
});

test.run();

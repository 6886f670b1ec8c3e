/** Secrets are found in every text of every spec, never shown, and nothing else is taken for one. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { catalog } from '../catalog.ts';
import { analyse } from '../compile.ts';
import { certainSecrets, secretsIn } from '../credentials/recognise.ts';
import { lookForSecrets } from '../credentials/report.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { printGithub } from '../diagnostics/print-github.ts';
import { printJson } from '../diagnostics/print-json.ts';
import { printSarif } from '../diagnostics/print-sarif.ts';
import { printText } from '../diagnostics/print-text.ts';
import { withinDeadline } from '../link/deadline.ts';
import { parseSpec } from '../source/parse.ts';
import { readSources, type Sources } from '../source/read.ts';
import { BASE } from './cases.ts';
import { soundPlatforms } from './platforms.ts';
import { runs, SEED } from './runs.ts';
import { assignedSamples, certainSamples, keyedSamples } from './secret-samples.ts';
import { type Position, pathOf, specWith, textPositions } from './text-positions.ts';

const base = readSources(BASE);
const positions = textPositions();
const shown = ({ kind, path, isKey }: Position): string => `${kind} ${path.join('/')}${isKey ? ' (key)' : ''}`;

function foundIn(path: string, text: string): Finding[] {
  const { spec } = parseSpec({ path, bytes: Buffer.from(text), refused: null });
  assert.ok(spec, text);
  return lookForSecrets([spec], () => true, new Map()).findings;
}

const withFile = (path: string, text: string): Sources => ({
  ...base,
  specs: [...base.specs.filter((each) => each.path !== path), { path, bytes: Buffer.from(text), refused: null }],
});

test('a secret is found in every position of a text and of a key, of every kind of spec', () => {
  const samples = Object.entries({ ...certainSamples(SEED), ...assignedSamples(SEED) });
  const missed: string[] = [];
  for (const position of positions)
    for (const [what, text] of samples) {
      const found = foundIn(pathOf[position.kind], stringify(specWith(position, text), { lineWidth: 0 }));
      // What an assignment says counts in texts; a key is none.
      const isAsked = !position.isKey || what in certainSamples(SEED);
      if (isAsked && found.length === 0) missed.push(`${what} in ${shown(position)}`);
    }
  assert.equal(missed, []);
  console.log(`figure: ${samples.length} kinds of secrets are found in each of ${positions.length} positions of texts`);
});

test('a key that asks for a secret makes any text below it one, wherever keys are free', () => {
  const free = [
    { path: 'platform.yaml', wrap: (value: object) => ({ kind: 'Platform', connections: { lake: value } }) },
    {
      path: 'platform.yaml',
      wrap: (variables: object) => ({
        kind: 'Platform',
        environments: { prod: { services: { desk: { variables } } } },
      }),
    },
    { path: 'models/churn/model.yaml', wrap: (value: object) => ({ kind: 'Model', train: { with: value } }) },
    {
      path: 'pipelines/clicks/pipeline.yaml',
      wrap: (value: object) => ({ kind: 'Pipeline', steps: { load: { with: { nested: [{ deep: value }] } } } }),
    },
    { path: 'features/clicks.yaml', wrap: (tags: object) => ({ kind: 'FeatureView', tags }) },
  ];
  const samples = keyedSamples(SEED);
  for (const { path, wrap } of free)
    for (const [key, value] of samples) {
      const text = stringify(wrap({ [key]: value }), { lineWidth: 0 });
      assert.is(foundIn(path, text).length, 1, text);
      assert.is(foundIn(path, stringify(wrap({ [key]: { secret: 'lake' } }))).length, 0, key);
    }
  console.log(
    `figure: ${samples.length} keys with a secret are found in ${free.length} free maps, and none by its name`,
  );
});

const EVERY_FORMAT: ((findings: Finding[], textOf: (file: string) => string | undefined) => string)[] = [
  (findings, textOf) => printText(findings, { color: false, catalog, textOf }),
  (findings) => printGithub(findings),
  (findings, textOf) => printJson(findings, [], textOf),
  (findings, textOf) => printSarif(findings, [], textOf, { version: '1.0.0', catalog }),
];

/** What must not be read anywhere; of an address, what lets one in. */
const coreOf = (text: string): string =>
  [...text.matchAll(/[A-Za-z0-9]{6,}/g)].map(([word]) => word).find((word) => word.startsWith('A7z')) ?? '';

test('no format shows a secret, whatever else is wrong with its line', () => {
  const samples = Object.values({ ...certainSamples(SEED), ...assignedSamples(SEED) });
  let count = 0;
  for (const [index, position] of positions.entries()) {
    const text = samples[index % samples.length] ?? '';
    const core = coreOf(text);
    if (core === '' || (position.isKey && !certainSecrets(text).length)) continue;
    const spec = stringify(specWith(position, text), {
      lineWidth: 0,
      defaultStringType: index % 2 ? 'QUOTE_DOUBLE' : 'PLAIN',
    });
    const { findings, texts } = analyse(withFile(pathOf[position.kind], spec));
    assert.ok(
      findings.some(({ code }) => code === 'PLT004'),
      spec,
    );
    for (const print of EVERY_FORMAT)
      assert.not.ok(print(findings, (file) => texts.get(file)).includes(core), `${shown(position)}: ${spec}`);
    count += 1;
  }
  assert.ok(count > 100);
  console.log(`figure: ${count} secrets among other faults are shown by no format`);
});

test('comments, broken files, Python, locks and other YAML are looked through for certain ones', () => {
  for (const [what, text] of Object.entries(certainSamples(SEED))) {
    const line = text.replace(/\n[\s\S]*/, '');
    const places = [
      withFile('features/clicks.yaml', `kind: FeatureView # ${line}\n`),
      withFile('features/clicks.yaml', `kind: [FeatureView\n  a: ${JSON.stringify(line)}\n`),
      withFile('pipelines/clicks/other.yaml', `some: [${JSON.stringify(line)}]\n`),
      { ...base, code: new Map([...base.code, ['models/churn/extra.py', `KEY = ${JSON.stringify(line)}\n`]]) },
      { ...base, locks: new Map([['models/churn/requirements.lock', `# ${line}\n`]]) },
    ];
    for (const [index, sources] of places.entries())
      assert.ok(
        analyse(sources).findings.some(({ code }) => code === 'PLT004'),
        `${what}, place ${index}: ${line}`,
      );
  }
  assert.is(
    foundIn('features/clicks.yaml', 'kind: Entity\n#  password: hunter22\n# token: the name of a column\n').length,
    1,
  );
});

const SANE_KEYS = [
  ...['description', 'url', 'key', 'join_key', 'token_column', 'tokens', 'max_tokens', 'pad_token', 'digest', 'commit'],
  ...['sort_key', 'primary_key', 'next_token', 'path', 'tokenizer', 'secret_name', 'password_file', 'image'],
  ...['public_key', 'cache_key', 'model'],
];

const words = fc.array(
  fc.constantFrom(
    ...'the password token is secret of each customer that key a api access since private share'.split(' '),
  ),
  { minLength: 6, maxLength: 40 },
);
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const name = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789_'),
  minLength: 1,
  maxLength: 50,
});
const sane = fc.oneof(
  words.map((all) => `${all.join(' ')}.`),
  ...[32, 40, 64].map(hex),
  hex(64).map((digest) => `sha256:${digest}`),
  hex(64).map((digest) => `registry.example.com/team/app@sha256:${digest}`),
  fc.uuid(),
  name,
  name.map((each) => `s3://lake/${each}/dt=2026-01-01/part-00000.parquet`),
  name.map((each) => `https://${each.replace(/_/g, 'x')}.example.com:8443/v1/${each}?page=2&limit=100&sort=${each}`),
  name.map((each) => `postgresql://reader@db.example.com:5432/${each}`),
  name.map((each) => `https://example.com:443/@${each}`),
  name.map((each) => `sum by (view) (rate(${each}_total{job="x", token_kind="a"}[5m])) > 0.5`),
  name.map((each) => `has(self.tags.${each}) && self.password != "" && size(self.tokens) == 3`),
  name.map((each) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${each}`),
  name.map((each) => `--password-file /run/secrets/${each} --token \${TOKEN} --key=$KEY --secret {{ secret }}`),
  fc.constantFrom(
    '[PAD]',
    '<pad>',
    '</s>',
    '20 * * * *',
    'Europe/Berlin',
    '#ops-alerts',
    'ops@example.com',
    'env:TOKEN',
    'vault:kv/lake',
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);

test('nothing else is a secret: the sound platforms, digests, names, addresses, expressions, long descriptions', () => {
  let texts = 0;
  for (const { files } of soundPlatforms())
    for (const [path, text] of files) {
      texts += text.split('\n').length;
      if (/\.ya?ml$/.test(path)) assert.equal(foundIn(path, text), [], path);
      assert.equal(certainSecrets(text), [], path);
    }
  fc.assert(
    fc.property(fc.constantFrom(...SANE_KEYS), sane, (key, text) => {
      texts += 1;
      assert.equal(secretsIn(text, key), [], `${key}: ${text}`);
    }),
    runs(3000),
  );
  console.log(`figure: 0 of ${texts} sane texts are taken for a secret`);
});

test('what stands for a secret is none', () => {
  for (const value of [
    ['$', '{DB_PASSWORD}'].join(''),
    '$DB_PASSWORD',
    '{{ password }}',
    '<password>',
    '/run/secrets/db',
    'vault:kv/db#password',
    '',
    '****',
    'None',
  ])
    assert.equal(secretsIn(value, 'password'), [], value);
});

test('a text that begins a secret again and again comes to an end', () => {
  const beginnings = ['eyJ', 'xoxb-', 'ghp_', 'sk-', 'https://', 'a=', 'password', 'curl -u a', '-----BEGIN ', '--a '];
  for (const piece of [...beginnings, 'jdbc:oracle:x:', 'AKIA', 'Bearer ', '?a=', '://a:', 'password: ', '"a": '])
    withinDeadline(20_000, () => secretsIn(piece.repeat(200_000 / piece.length), 'note'));
});

test.run();

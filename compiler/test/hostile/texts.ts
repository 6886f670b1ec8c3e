/** Names and texts that mean something to a terminal, a log, a template, a parser; sizes that end nowhere. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { files, link, type Scene, write } from './scene.ts';

const ESC = '\u001b';
const ENTITY = 'kind: Entity\n';

const named = (name: string, ...paths: string[]): Scene => ({
  name: `files called ${name}`,
  put(ground) {
    for (const path of paths) write(ground, path, path.endsWith('.py') ? 'x = 1\n' : ENTITY);
    for (const path of paths) write(ground, `generated/${path}`, 'foreign\n');
    link(ground, `${dirname(paths[0] ?? '')}/link${basename(paths[0] ?? '').slice(0, 200)}.yaml`, 'nowhere');
  },
  validate: 1,
});

const holding = (name: string, all: Record<string, string | Uint8Array>, validate: 0 | 1 = 1): Scene => ({
  name,
  put: files(() => all),
  validate,
});

const sparse = (path: string, bytes: number, validate: 0 | 1): Scene => ({
  name: `${path} of ${bytes / 2 ** 30} GiB`,
  put({ root }) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
    truncateSync(join(root, path), bytes);
  },
  validate,
});

const policy = (require: string): string =>
  `kind: Policy\nrules:\n  slow: {for: model, require: ${JSON.stringify(require)}, message: slow}\n`;
const alert = (expr: string): string =>
  `kind: Monitoring\nalerts:\n  slow: {expr: ${JSON.stringify(expr)}, summary: "{{ $value }}", ` +
  'runbook: "https://example.com/x"}\n';
const pipeline = (schedule: string): string =>
  `kind: Pipeline\nschedule: ${schedule}\nsteps: {one: {run: a.py:one, writes: [t]}}\n`;

const names: Scene[] = [
  named(
    'with line ends and commands of GitHub',
    'features/a\n::error file=x::pwned.yaml',
    'features/b\r\n::stop-commands::x.yaml',
  ),
  named('with commands of a terminal', `features/${ESC}[2J${ESC}]0;pwned\u0007.yaml`, 'features/\u009b31m.yaml'),
  named('in two directions', 'features/\u202eyaml.exe.yaml', 'features/\u2066x\u200f.yaml'),
  named('like options', 'features/--format=json.yaml', 'features/-C.yaml', 'models/--help/model.yaml', '-rf/x.yaml'),
  named(
    'like commands of a shell',
    'features/$(touch canary).yaml',
    'features/`id`;|&.yaml',
    'features/%0A%3A%3A.yaml',
  ),
  named(
    'like parts of every object',
    'features/__proto__.yaml',
    'features/constructor.yaml',
    'models/toString/hasOwnProperty.py',
  ),
  named(
    'alike but for case or form',
    'features/Clicks.yaml',
    'features/CLICKS.yaml',
    'features/caf\u00e9.yaml',
    'features/cafe\u0301.yaml',
  ),
  named('as long as a name may be', `features/${'x'.repeat(245)}.yaml`, `models/${'y'.repeat(255)}/train.py`),
  named(
    'with quotes, dots and spaces',
    'features/ .yaml',
    'features/\'"\\.yaml',
    'features/..yaml.yaml',
    'features/a b/c\td.yaml',
  ),
];

const doubled = Array.from({ length: 30 }, (_, at) => `k${at + 1}: &k${at + 1} [*k${at}, *k${at}]`).join('\n');

const texts: Scene[] = [
  holding('commands of a terminal in every text', {
    'features/x.yaml': 'kind: "Entity\\e[31m"\ndescription: "\\e]0;x\\a\\u009b\\u202e\\n::error::pwned"\n"\\e[2J": 1\n',
  }),
  holding(
    'templates in texts',
    {
      'features/x.yaml':
        `kind: Entity\ntype: int64\ndescription: '{{#with (lookup this "constructor")}}{{this}}{{/with}} ` +
        `{{{{raw}}}} {% import os %} \${jndi:ldap://x} <%= x %>'\n`,
    },
    0,
  ),
  holding('keys that every object has', {
    'features/x.yaml':
      'kind: Entity\n__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\ntoString: 1\n',
  }),
  holding('tags that make objects', {
    'features/x.yaml':
      'kind: !!python/object/apply:os.system ["touch canary"]\nx: !!js/function "() => 1"\ny: !!binary AAAA\n',
  }),
  holding('aliases that make a small file enormous', {
    'features/x.yaml': `k0: &k0 [x]\n${doubled}\n<<: *k30\n`,
  }),
  holding('nesting that aborts a parser', {
    'features/x.yaml': '['.repeat(30_000),
    'features/y.yaml': '- '.repeat(20_000),
    'features/z.yaml': '{a: '.repeat(10_000),
  }),
  holding('five thousand keys, a line of 64 KiB, quotes without end', {
    'features/x.yaml': Array.from({ length: 5000 }, (_, at) => `k${at}: 1`).join('\n'),
    'features/y.yaml': `kind: ${'x'.repeat(65_000)}`,
    'features/z.yaml': `a: ${'"'.repeat(60_000)}`,
  }),
  holding('byte-order marks, UTF-16, Latin-1, NUL', {
    'features/w.yaml': `\ufeff\ufeff${ENTITY}`,
    'features/x.yaml': Buffer.from(`\ufeff${ENTITY}`, 'utf16le'),
    'features/y.yaml': Buffer.from('kind: caf\xe9', 'latin1'),
    'features/z.yaml': 'kind: Ent\0ity\n',
    'models/churn/nul.py': 'x = "\0"\n',
  }),
  {
    ...holding('a policy of nested loops', {
      'policies/slow.yaml': policy(`${'[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].all(a, '.repeat(12)}true${')'.repeat(12)}`),
    }),
    isSlow: true,
  },
  holding('a policy with an evil pattern', {
    'policies/slow.yaml': policy(
      `"${'a'.repeat(200)}!".matches("^(a+)+$") || "${'a'.repeat(200)}!".matches("^((a|a)*)*$")`,
    ),
  }),
  holding('expressions of Prometheus with evil patterns, and very deep ones', {
    'monitoring/a.yaml': alert(`up{job=~"((a+)+)+$"} > 1`),
    'monitoring/b.yaml': alert(`${'('.repeat(900)}up${')'.repeat(900)} > 1`),
    'monitoring/c.yaml': alert(`${'-'.repeat(1900)}1 > 1`),
    'monitoring/d.yaml': alert('up{job=~"("} > 1'),
  }),
  holding('crons that never come, long ones, and zones out of the folder', {
    'pipelines/a/pipeline.yaml': pipeline('{cron: "0 0 30 2 *"}'),
    'pipelines/b/pipeline.yaml': pipeline(`{cron: "${'1,'.repeat(45)}1 * * * *"}`),
    'pipelines/c/pipeline.yaml': pipeline('{cron: "*/1 1-23/1 * * 1#5,L", timezone: "../../../etc/passwd"}'),
  }),
  holding('comments that suppress without end', {
    'features/x.yaml':
      `kind: Entity # mlops: ignore ${'A,'.repeat(9000)} until ${'until '.repeat(3000)} ` +
      `because ${'because '.repeat(3000)}\n`,
  }),
  holding('paths out of the folder', {
    'pipelines/a/pipeline.yaml':
      'kind: Pipeline\nname: ../../outside/x\nsteps: {one: {run: ../../../outside/train.py:fit, writes: [t]}}\n',
    'pipelines/b/pipeline.yaml': 'kind: Pipeline\nsteps: {one: {run: /etc/passwd.py:fit, writes: [../t]}}\n',
  }),
  holding(
    'Python that no parser likes',
    {
      'models/churn/a.py': '('.repeat(200_000),
      'models/churn/b.py': `x = ${'['.repeat(90_000)}`,
      'models/churn/c.py': `${'f"{'.repeat(20_000)}`,
      'models/churn/d.py': Array.from({ length: 900 }, (_, at) => `${' '.repeat(at)}if x:`).join('\n'),
    },
    0,
  ),
  holding('a lock of a million characters that is none', {
    'models/churn/requirements.lock': `${'a=='.repeat(300_000)}\n${'\\\n'.repeat(50_000)}`,
  }),
];

const sizes: Scene[] = [
  sparse('features/big.yaml', 4 * 2 ** 30, 1),
  sparse('models/churn/big.py', 4 * 2 ** 30, 1),
  sparse('models/churn/requirements.lock', 4 * 2 ** 30, 1),
  sparse('generated/big.bin', 16 * 2 ** 30, 0),
  sparse('generated/manifest.json', 4 * 2 ** 30, 0),
  sparse('generated/.manifest/shared.json', 4 * 2 ** 30, 0),
  {
    name: 'six hundred files, and folders two hundred deep',
    put(ground) {
      for (let at = 0; at < 600; at += 1) write(ground, `features/many/x${at}.yaml`, '');
      write(ground, `features/${'d/'.repeat(200)}x.yaml`, ENTITY);
      write(ground, `generated/${'d/'.repeat(800)}x.yaml`, ENTITY);
    },
    validate: 1,
  },
];

export const texted: Scene[] = [...names, ...texts, ...sizes];

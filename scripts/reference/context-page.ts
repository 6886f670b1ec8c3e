/** What a team's function gets, from the runtime's own source. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaAt } from '../../compiler/spec-schema/schemas.ts';
import { GENERATED } from './kind-page.ts';

const SOURCE = join(import.meta.dirname, '../../runtime/mlops_runtime/context.py');

const CONNECTION = '  orders_db: {url: "postgresql://reader@db.example.com/orders", password: {secret: orders-db}}';

export function contextPage(): string {
  const text = readFileSync(SOURCE, 'utf8');
  const fields = [...text.matchAll(/^ {4}(\w+): (.+?)(?: = .*)?\n {4}"""([^"]+)"""/gm)];
  const methods = [...text.matchAll(/^ {4}def ([a-z]\w*)\(self\) -> (\w+):\n {8}"""([^"]+)"""/gm)];
  if (fields.length !== [...text.matchAll(/^ {4}\w+: /gm)].length)
    throw new Error('each field of StepContext needs a text below it that says what it is');
  const rows = [
    ...fields.map(([, name, type = '', about = '']) => row(`context.${name}`, type, about)),
    ...methods.map(([, name, type = '', about = '']) => row(`context.${name}()`, type, about)),
  ];
  return [
    '# What a step gets',
    GENERATED,
    'A function of a step (`run: FILE.py:FUNCTION`) has its arguments by their names: a data frame for each table of ' +
      '`reads`, a value for each key of `with`, and, if it has a parameter of that name, `context`.',
    '## The context',
    ['| | type | |', '| --- | --- | --- |', ...rows].join('\n'),
    '## Connections and secrets',
    'A step states the connections that it uses (`connections: [orders_db]`), and finds them in ' +
      '`context.connections["orders_db"]`, with secrets filled in. Specs hold the name of a secret, never its value:',
    ['```yaml', 'connections:', CONNECTION, '```'].join('\n'),
    `Where values are read is up to the environment. ${about('provider')}`,
    'A secret that is missing fails the step that asks for it, with its name and the place where it was looked for.',
  ]
    .join('\n\n')
    .concat('\n');
}

const row = (name: string, type: string, about: string): string =>
  `| \`${name}\` | \`${type.replaceAll('|', '\\|')}\` | ${about.trim().replace(/\s*\n\s*/g, ' ')} |`;

const about = (key: string): string =>
  schemaAt('Platform', ['environments', 'local', 'secrets', key])?.description?.replaceAll('<', '&lt;') ?? '';

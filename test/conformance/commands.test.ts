/** The command lines of the runtime that generated files hold, read by the runtime's own parser. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { glob } from 'zx';
import { askPython } from '../../compiler/test/python-batch.ts';
import { everyCompiled, ROOT } from './compiled.ts';

const ASK = `
from mlops_runtime.commands.main import parser
answers = []
for words in questions:
    try:
        answers.append(parser().parse_args(words).command.name)
    except SystemExit:
        answers.append(None)
`;

/** Every list of words in a document that runs the runtime, without what comes before its name. */
function commandsIn(document: unknown): string[][] {
  if (Array.isArray(document)) {
    const at = document.indexOf('mlops_runtime');
    return at > 0 && document[at - 1] === '-m' ? [document.slice(at + 1)] : document.flatMap(commandsIn);
  }
  return typeof document === 'object' && document !== null ? Object.values(document).flatMap(commandsIn) : [];
}

const filesOf = (pattern: string): string[] => glob.sync(everyCompiled.map((root) => join(root, pattern)));
const textOf = (path: string): string => readFileSync(path, 'utf8');

const started = [...filesOf('*/process/processes.json'), ...filesOf('*/compose/compose.yaml')].flatMap((path) =>
  commandsIn(parse(textOf(path), { maxAliasCount: -1, merge: true })),
);
const tasks = filesOf('common/airflow/dags/*.py').flatMap((path) =>
  [...textOf(path).matchAll(/-m mlops_runtime ([^'\n]+)'/g)].map(([, words = '']) => words.split(' ')),
);

test('the runtime knows every command that hosts start and tasks run, with its arguments', () => {
  const commands = [...started, ...tasks];
  const answers = askPython(ASK, commands, { PYTHONPATH: `${ROOT}/runtime` });
  assert.equal(
    answers,
    commands.map(([name]) => name),
  );
  for (const name of ['step', 'apply', 'serve', 'stream', 'monitor', 'cluster', 'databases', 'kafka', 'redis'])
    assert.ok(
      commands.some(([first]) => first === name),
      `no command line of ${name} was tried`,
    );
});

test.run();

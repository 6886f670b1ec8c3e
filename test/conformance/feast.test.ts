import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { askPython } from '../../compiler/test/python-batch.ts';
import { compiled, filesOf } from './compiled.ts';

const workspace = mkdtempSync(join(tmpdir(), 'mlops-feast-'));

test.before(() => {
  cpSync(compiled, join(workspace, 'generated'), { recursive: true });
  mkdirSync(join(workspace, '.mlops/local/feast'), { recursive: true });
});

test.after(() => rmSync(workspace, { recursive: true, force: true }));

/** Feast's command line, all commands in one process: importing Feast takes longer than they do. */
const script = `
import os
from click.testing import CliRunner
from feast.cli.cli import cli

os.chdir(questions["workspace"])

def feast(command):
    # Without data, as on the first day: Feast must not look into the sources.
    result = CliRunner().invoke(cli, ["-c", "generated/local/feast", command, "--skip-source-validation"])
    os.chdir(questions["workspace"])
    if result.exception:
        raise result.exception
    return result.output

answers = [feast(command) for command in questions["commands"]]
`;

test('feast plans and applies every entity, view and service, and then finds nothing left to do', () => {
  const [planned, applied, again] = askPython(script, { workspace, commands: ['plan', 'apply', 'plan'] }) as [
    string,
    string,
    string,
  ];
  const count = (kind: string): number => applied.split(`Created ${kind} `).length - 1;
  assert.is(count('feature view'), filesOf('common/feast/feature_views', '.py').length, applied);
  assert.is(count('feature service'), filesOf('common/feast/feature_services', '.py').length, applied);
  assert.ok(count('entity') > 0);
  for (const line of applied.split('\n').filter((each) => each.startsWith('Created feature')))
    assert.ok(planned.includes(line), line);
  assert.ok(existsSync(join(workspace, '.mlops/local/feast/registry.db')), 'the registry stands in the state folder');
  assert.match(again, /No changes to registry/);
});

test.run();

/** What Feast's own plan sees of a change, ours names, too: `feast plan` on the output of both sides. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { emit } from '../../compiler/compile.ts';
import type { Ir } from '../../compiler/ir/types.ts';
import { planOf } from '../../compiler/plan/plan.ts';
import { type Edits, fixtureIr } from '../../compiler/test/fixture.ts';
import { askPython } from '../../compiler/test/python-batch.ts';

const PLANES = 'features/plane_delays.yaml';

/** Each with the views that Feast has to see. */
const CASES: Record<string, { edits: Edits; seen: string[] }> = {
  nothing: { edits: {}, seen: [] },
  'a type': {
    edits: { [PLANES]: [['last_delay: {type: float64', 'last_delay: {type: float32']] },
    seen: ['plane_delays'],
  },
  'a TTL': { edits: { [PLANES]: [['ttl: 7d', 'ttl: 6d']] }, seen: ['plane_delays'] },
  'a name of a feature': {
    edits: { [PLANES]: [['last_delay: {type', 'latest_delay: {type']] },
    seen: ['plane_delays'],
  },
};

const folder = mkdtempSync(join(tmpdir(), 'mlops-feast-plan-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, ir: Ir): string {
  const root = join(folder, name.replaceAll(' ', '-'));
  for (const { path, content } of emit(ir)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** Importing Feast takes longer than all of it: one process and one checkout, where one output follows another. */
const script = `
import os, shutil, sys
from click.testing import CliRunner
from feast.cli.cli import cli

root = os.path.join(questions["folder"], "checkout")
os.makedirs(os.path.join(root, ".mlops/local/feast"))

def feast(output, command):
    os.chdir(root)
    shutil.rmtree("generated", ignore_errors=True)
    shutil.copytree(output, "generated")
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(root):
            del sys.modules[name]
    result = CliRunner().invoke(cli, ["-c", "generated/local/feast", command, "--skip-source-validation"])
    if result.exception:
        raise result.exception
    return result.output

feast(questions["base"], "apply")
answers = [feast(output, "plan") for output in questions["heads"]]
`;

test('each view that Feast would make, change or delete is in the plan', () => {
  const base = fixtureIr();
  const heads = Object.entries(CASES).map(([name, { edits, seen }]) => ({ name, seen, ir: fixtureIr(edits) }));
  const roots = heads.map(({ name, ir }) => written(name, ir));
  const said = askPython(script, { folder, base: written('the base', base), heads: roots }) as string[];
  for (const [index, { name, seen, ir }] of heads.entries()) {
    const text = said[index] ?? '';
    const views = [...text.matchAll(/^(?:Created|Updated|Deleted) feature view (\S+)/gm)].map(([, view]) => view);
    assert.equal([...new Set(views)].sort(), seen, `${name}: ${text}`);
    const { changes } = planOf({ ir: base }, { ir });
    const named = changes.filter((each) => each.class !== 'metadata').map(({ address }) => address);
    for (const view of seen)
      assert.ok(
        named.some((each) => each.startsWith(`feature_view/${view}`)),
        `${name}: ${view}`,
      );
  }
});

test.run();

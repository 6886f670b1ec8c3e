/** What pages, what opens a ticket and what stays silent, and until when: stated by hand, judged by promtool. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOf, fixtureIr } from '../../../compiler/test/fixture.ts';
import { programPath } from './program.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SCENARIOS = join(ROOT, 'compiler/tools/prometheus/scenarios');
const RULES = 'common/prometheus/rules/';

const folder = mkdtempSync(join(tmpdir(), 'mlops-scenarios-'));
test.after(() => rmSync(folder, { recursive: true }));

/** The folder of scenarios → the rules that they are about. */
const rulesOf: Record<string, () => Map<string, string>> = {
  sample: () => {
    const generated = join(ROOT, 'generated', RULES);
    return new Map(readdirSync(generated).map((name) => [name, readFileSync(join(generated, name), 'utf8')]));
  },
  'slo-7d': () => withWindow('7d'),
  'slo-28d': () => withWindow('28d'),
};

function withWindow(window: string): Map<string, string> {
  const stated = 'availability: 99.9%';
  const ir = fixtureIr({
    'models/departure_delay/model.yaml': [[stated, `${stated}\n    slo_window: ${window}`]],
    'platform.yaml': [['port_offset: 10000', 'port_offset: 10000\n    metrics_retention: 60d']],
  });
  const files = [...filesOf(ir)].filter(([path]) => path.startsWith(`${RULES}model_`));
  return new Map(files.map(([path, content]) => [basename(path), content]));
}

let scenarios = 0;
let moments = 0;

for (const [name, rules] of Object.entries(rulesOf))
  for (const file of readdirSync(join(SCENARIOS, name)))
    test(`${name}: ${basename(file, '.yml')}, as stated`, () => {
      const own = join(folder, `${name}-${file}`);
      mkdirSync(join(own, 'rules'), { recursive: true });
      mkdirSync(join(own, 'scenarios'));
      for (const [path, content] of rules()) writeFileSync(join(own, 'rules', path), content);
      cpSync(join(SCENARIOS, name, file), join(own, 'scenarios', file));
      const path = join(own, 'scenarios', file);
      const { status, stdout, stderr } = spawnSync(programPath('promtool'), ['test', 'rules', path], {
        encoding: 'utf8',
      });
      assert.is(status, 0, `${stdout}${stderr}`);
      const text = readFileSync(path, 'utf8');
      scenarios += text.match(/^ {2}- name:/gm)?.length ?? 0;
      moments += text.match(/eval_time:/g)?.length ?? 0;
    });

test('there are scenarios in every folder, and no other folder', () => {
  assert.equal(readdirSync(SCENARIOS).sort(), Object.keys(rulesOf).sort());
  assert.ok(scenarios >= 30, `${scenarios} scenarios`);
  console.log(
    `figure: ${scenarios} scenarios of traffic, outages and data: what fires at ${moments} moments, as stated`,
  );
});

test.run();

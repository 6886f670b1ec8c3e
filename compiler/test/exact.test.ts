/** Numbers under `with` arrive in the team's Python as YAML 1.2 means them, or are refused. */
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, emit } from '../compile.ts';
import { pythonValue } from '../render/python.ts';
import { readRepository } from './faults/repository.ts';
import { askPython } from './python-batch.ts';
import { runs } from './runs.ts';
import { asSources } from './sources.ts';

const PIPELINE = 'pipelines/clicks/pipeline.yaml';
const CODE = 'pipelines/clicks/clicks.py';
const plain = readRepository(join(import.meta.dirname, 'base'));
const base = new Map(plain).set(CODE, (plain.get(CODE) ?? '').replace('hours=24', 'hours'));

function analysed(values: string) {
  const text = (base.get(PIPELINE) ?? '').replace('with: {hours: 24}', `with: {hours: ${values}}`);
  return analyse(asSources(new Map(base).set(PIPELINE, text)));
}

/** Each token of YAML with the expression of Python that is the same value. */
const integer = fc
  .bigInt({ min: -(2n ** 70n), max: 2n ** 70n })
  .map((each): [string, string] => [`${each}`, `${each}`]);
const digits = fc.bigInt({ min: 0n, max: 2n ** 60n });
const float = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    digits,
    fc.constantFrom('', '.', '.0', '.5', '.25'),
    fc.integer({ min: -30, max: 30 }),
  )
  .map(([sign, whole, part, power]): [string, string] => {
    const token = `${sign}${whole}${part}${part === '' || power % 3 === 0 ? `e${power}` : ''}`;
    return [token, `float("${token}")`];
  });
const KNOWN: [string, string][] = [
  ['9007199254740993', '9007199254740993'],
  ['1.0', '1.0'],
  ['1.', '1.0'],
  ['.5', '0.5'],
  ['-0.0', '-0.0'],
  ['-0', '0'],
  ['1e3', '1000.0'],
  ['1e22', '1e22'],
  ['010', '10'],
  ['0o17', '15'],
  ['0xFF', '255'],
  ['0x20000000000001', '9007199254740993'],
  ['+7', '7'],
  ['!!float 1', '1.0'],
  ['2026-01-31', '"2026-01-31"'],
  ['1_000', '"1_000"'],
  ['0b11', '"0b11"'],
  ['22:22', '"22:22"'],
  ['yes', '"yes"'],
  ['True', 'True'],
  ['~', 'None'],
  ['"1.0"', '"1.0"'],
];

test('numbers arrive in Python as they are written', () => {
  const samples = [...KNOWN, ...fc.sample(fc.oneof(integer, float), runs(400))];
  const { ir, findings } = analysed(`[${samples.map(([token]) => token).join(', ')}]`);
  if (ir === null) throw new Error(findings.map(({ message }) => message).join('\n'));
  const contract = emit(ir).find(({ path }) => path === 'common/runtime/pipelines/clicks.json')?.content ?? '';
  const step = ir.pipelines.find(({ name }) => name === 'clicks')?.steps.find(({ name }) => name === 'count');
  const values = step?.run.kind === 'function' ? step.run.with['hours'] : null;
  const script = `import ast, math
def same(a, b):
    return type(a) is type(b) and a == b and (not isinstance(a, float) or math.copysign(1, a) == math.copysign(1, b))
contract, literal, wanted = questions
wanted = [eval(each) for each in wanted]
found = json.loads(contract)["steps"]["count"]["call"]["with"]["hours"]
wrong = lambda values: [i for i, each in enumerate(wanted) if not same(each, values[i])]
answers = [wrong(found), wrong(ast.literal_eval(literal))]`;
  const question = [contract, pythonValue(values as never).inline, samples.map(([, wanted]) => wanted)];
  assert.equal(askPython(script, question as never), [[], []]);
  console.log(`${samples.length} values under \`with\` reached Python`);
});

for (const token of ['.inf', '-.Inf', '.nan', '1e400', '-1e400', '1e-400', '[{1: a}]', '{true: a}', '9'.repeat(4301)])
  test(`${token.slice(0, 20)} is refused, with the reason`, () => {
    const { findings } = analysed(token);
    assert.equal(
      findings.map(({ code, at }) => `${code} ${at.line}`),
      ['SPC008 9'],
      JSON.stringify(findings),
    );
  });

test.run();

/** `mlops new`: whatever it can make compiles with the rest, in an empty repository and in full ones. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../cli.ts';
import { analyse, emit } from '../compile.ts';
import { create, ejected, openRepository } from '../create/create.ts';
import { columnsOf, tablesOf, timesIn } from '../create/known.ts';
import { type Repository, withFiles } from '../create/settle.ts';
import { things, type Wanted } from '../create/wanted.ts';
import { withoutPlaces } from '../ir/objects.ts';
import type { Ir } from '../ir/types.ts';
import { readSources } from '../source/read.ts';
import { PLATFORMS } from './fixture.ts';

interface Scene {
  folder: string;
  mlops(...words: string[]): Promise<{ exit: number; out: string; err: string }>;
}

const test = suite<Scene>('mlops new');
const TODAY = '2026-11-26';

test.before.each((scene) => {
  scene.folder = mkdtempSync(join(tmpdir(), 'mlops-new-'));
  scene.mlops = async (...words) => {
    const printed = { out: '', err: '' };
    const exit = await main(['-C', scene.folder, ...words], {
      out: (text) => {
        printed.out += text;
      },
      err: (text) => {
        printed.err += text;
      },
    });
    return { exit, ...printed };
  };
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const NOTHING = {
  team: null,
  entity: null,
  fromTable: null,
  timestamp: null,
  label: null,
  views: null,
  type: null,
  cron: null,
};

/** Every combination of what can be said, with what the repository has. */
function* combinations({ graph }: Repository): Generator<Wanted> {
  const [owner = null] = Object.keys(graph.platform.value.owners);
  const teams = [null, owner];
  const entities = [...graph.entities.keys()];
  for (const team of teams) {
    for (const thing of ['policy', 'monitoring'] as const) yield { ...NOTHING, thing, team, name: 'fresh' };
    for (const type of [null, 'string', 'int64']) yield { ...NOTHING, thing: 'entity', team, type, name: 'fresh' };
    for (const cron of [null, '0 3 * * *'])
      for (const entity of [null, ...entities])
        yield { ...NOTHING, thing: 'pipeline', team, entity, cron, name: 'fresh' };
    for (const entity of entities) yield { ...NOTHING, thing: 'view', team, entity, name: 'fresh' };
    // A team is a folder, whatever is made.
    for (const fromTable of team === null ? tablesOf(graph) : []) {
      const columns = columnsOf(fromTable, graph);
      yield { ...NOTHING, thing: 'pipeline', team, fromTable, name: 'fresh' };
      for (const timestamp of timesIn(columns)) {
        for (const entity of entities)
          yield { ...NOTHING, thing: 'view', team, entity, fromTable, timestamp, name: 'fresh' };
        // One column of each type: the others differ in nothing that is looked at.
        for (const label of oneOfEachType(columns))
          yield { ...NOTHING, thing: 'model', team, fromTable, timestamp, label, name: 'fresh' };
      }
    }
  }
}

const oneOfEachType = (columns: ReadonlyMap<string, string>): Iterable<string> =>
  new Map([...columns].map(([name, type]) => [type, name])).values();

/** A table without the key, or a column that is no number, is refused with a sentence that says what to do. */
const REFUSED = /would have nothing to learn from|a model predicts a number|has no column '|would not go with the rest/;

function tryAll(root: string): { made: number; refused: string[] } {
  const repository = openRepository(readSources(root), TODAY);
  const before = analyse(repository.sources, TODAY).findings.length;
  const refused: string[] = [];
  let made = 0;
  for (const wanted of combinations(repository)) {
    try {
      const outcome = create(wanted, repository);
      if ('option' in outcome) throw new Error(`asked for ${outcome.option}: ${JSON.stringify(wanted)}`);
      const all = new Map([...outcome.files, ...outcome.changed]);
      const { findings, ir } = analyse(withFiles(repository.sources, all), TODAY);
      assert.is(
        findings.length,
        before,
        JSON.stringify([wanted, findings.map(({ code, message }) => `${code} ${message}`)]),
      );
      assert.ok(ir);
      if (wanted.team) for (const path of outcome.files.keys()) assert.match(path, `/${wanted.team}/`);
      made += 1;
    } catch (problem) {
      if (!(problem instanceof Error) || problem.constructor.name !== 'OperationError') throw problem;
      assert.match(problem.message, REFUSED);
      refused.push(`${JSON.stringify(wanted)} ${problem.message}`);
    }
  }
  return { made, refused };
}

test('all that it can make of the sample platforms compiles without a finding', ({ folder }) => {
  for (const name of readdirSync(PLATFORMS)) {
    const root = join(folder, name);
    for (const entry of readdirSync(join(PLATFORMS, name)))
      if (entry !== 'golden') cpSync(join(PLATFORMS, name, entry), join(root, entry), { recursive: true });
    const { made, refused } = tryAll(root);
    console.log(
      `figure: ${made} things that new makes in ${name} compile, ${refused.length} are refused with a sentence`,
    );
    assert.ok(made > 40, `${made}`);
  }
});

test('from an empty repository to a model, each step compiles, and everything else with it', async ({
  folder,
  mlops,
}) => {
  const done = async (...words: string[]) => {
    const { exit, err } = await mlops('new', ...words);
    assert.is(exit, 0, err);
    const { findings } = analyse(readSources(folder), TODAY);
    assert.equal(
      findings.map(({ code, message }) => `${code} ${message}`),
      [],
    );
  };
  assert.is((await mlops('init', '.', '--name', 'shop', '--owner', 'support', '--staging', '--prod')).exit, 0);
  await done('entity', 'null', '--type', 'int64');
  await done('entity', 'store');
  await done('pipeline', 'orders', '--entity', 'store', '--team', 'support');
  await done('pipeline', 'clean_orders', '--from-table', 'orders');
  await done('view', 'prices', '--entity', 'null');
  await done('view', 'store_orders', '--entity', 'store', '--from-table', 'clean_orders', '--team', 'support');
  await done('model', 'demand', '--from-table', 'clean_orders', '--label', 'value', '--team', 'support');
  await done('policy', 'habits');
  await done('monitoring', 'desk', '--team', 'support');
  await done('pipeline', 'train_demand', '--eject');
  await done('pipeline', 'score_demand', '--eject', '--team', 'support');
  const texts = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
  assert.is(texts.filter((text) => text.includes('nothing reads it yet')).length, 1, 'only prices has no reader');
});

test('an ejected pipeline means the same as the one that the model had, and generated/ says the same', ({ folder }) => {
  let compared = 0;
  for (const name of readdirSync(PLATFORMS)) {
    const root = join(folder, name);
    for (const entry of readdirSync(join(PLATFORMS, name)))
      if (entry !== 'golden') cpSync(join(PLATFORMS, name, entry), join(root, entry), { recursive: true });
    const repository = openRepository(readSources(root), TODAY);
    const before = analyse(repository.sources, TODAY).ir;
    for (const { pipeline } of repository.graph.derived) {
      const wanted: Wanted = { ...NOTHING, thing: 'pipeline', name: pipeline.name };
      const { files, differs } = ejected(wanted, repository);
      const { ir, findings } = analyse(withFiles(repository.sources, files), TODAY);
      assert.ok(ir, JSON.stringify(findings));
      const same = (given: typeof ir) =>
        JSON.parse(JSON.stringify(withoutPlaces(given as object as Parameters<typeof withoutPlaces>[0]))) as typeof ir;
      const one = same(before as typeof ir);
      const other = same(ir);
      for (const each of [one, other])
        for (const found of each.pipelines)
          if (found.name === pipeline.name) {
            found.derivedFrom = null;
            if (differs.length > 0 && found.schedule.kind === 'assets')
              found.schedule.anyOf = found.schedule.anyOf.slice(0, 1);
          }
      assert.equal(other, one, pipeline.name);
      if (differs.length === 0) {
        const specs = [pipeline.origin.file, ...files.keys()];
        assert.equal(writtenFrom(ir, specs), writtenFrom(before as typeof ir, specs), pipeline.name);
        compared += 1;
      }
    }
  }
  assert.ok(compared > 3, `${compared}`);
});

/** What `compile` writes, but for the lines that say of which spec, and digests of files with such lines. */
const writtenFrom = (ir: Ir, specs: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    emit(ir).map(({ path, content }) => [
      path,
      content
        .split('\n')
        .filter((line) => !specs.some((spec) => line.includes(spec)) && !/^ +sha256:\w+$/.test(line))
        .join('\n'),
    ]),
  );

test('a name that cannot be, or is taken, gets a sentence, and nothing is written', async ({ folder, mlops }) => {
  await mlops('init', '.', '--name', 'shop', '--owner', 'support', '--example');
  const files = () => (readdirSync(folder, { recursive: true }) as string[]).sort();
  mkdirSync(join(folder, 'pipelines/taken'));
  writeFileSync(join(folder, 'pipelines/taken/Steps.py'), '# mine\n');
  const before = files();
  for (const [words, sentence] of [
    [['pipeline', 'orders'], /There is 'orders' already: it is declared in pipelines\/orders\/pipeline\.yaml/],
    [['pipeline', 'store_deliveries'], /it is a table that the pipeline orders writes/],
    [['pipeline', 'train_delivery_time'], /There is 'train_delivery_time' already: it is a pipeline/],
    [['pipeline', 'Orders'], /'Orders' is only another case of 'orders'/],
    [['model', 'delivery-time'], /'delivery-time' is not a name.*'delivery_time' is one/],
    [['entity', '../x'], /'\.\.\/x' is not a name/],
    [['entity', 'lambda'], /it is a keyword of Python/],
    [['model', 'class'], /it is a keyword of Python/],
    [['view', 'context', '--entity', 'store'], /the platform fills in the parameter/],
    [['view', 'taken', '--entity', 'store'], /pipelines\/taken\/Steps\.py is there already/],
    [['view', 'v', '--entity', 'stor'], /--entity 'stor' is not here; did you mean 'store'\?/],
    [['view', 'v', '--entity', 'store', '--from-table', 'orders'], /needs --timestamp \(ordered_at, delivered_at\)/],
    [['model', 'm'], /needs --from-table \(orders, store_deliveries\)/],
    [
      ['model', 'm', '--from-table', 'orders', '--timestamp', 'ordered_at'],
      /needs --label \(items, distance, hour, minutes\)/,
    ],
    [['model', 'm', '--from-table', 'orders', '--timestamp', 'ordered_at', '--label', 'store'], /'store' is a string/],
    [['pipeline', 'p', '--team', 'nobody'], /--team 'nobody' is not here; there are support/],
    [['pipeline', 'train_orders', '--eject'], /is no pipeline that follows from a model/],
    [['model', 'train_orders', '--eject'], /--eject writes a pipeline out/],
    [['entity', 'x', '--type', 'float'], /--type is one of/],
    [['pipeline', 'p', '--cron', '61 * * * *'], /would not go with the rest of the repository/],
    [['thing', 'x'], /'thing' is nothing that new makes/],
    [['view'], /new needs NAME/],
  ] as const) {
    const { exit, err } = await mlops('new', ...words);
    assert.ok(exit === 1 || exit === 2, words.join(' '));
    assert.match(err, sentence, words.join(' '));
    assert.equal(files(), before, words.join(' '));
  }
  assert.equal(readFileSync(join(folder, 'pipelines/taken/Steps.py'), 'utf8'), '# mine\n');
  assert.is(things.length, 6);
});

test.run();

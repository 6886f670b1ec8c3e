import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../cli.ts';
import { BASE } from './cases.ts';

interface Scene {
  root: string;
  /** Runs `mlops -C root …`. */
  mlops(...words: string[]): Promise<{ exit: number; out: string; err: string }>;
}

const test = suite<Scene>('mlops');

test.before.each((scene) => {
  scene.root = mkdtempSync(join(tmpdir(), 'mlops-cli-'));
  cpSync(BASE, scene.root, { recursive: true });
  scene.mlops = async (...words) => {
    let out = '';
    let err = '';
    const exit = await main(['-C', scene.root, ...words], {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    });
    return { exit, out, err };
  };
});
test.after.each(({ root }) => rmSync(root, { recursive: true, force: true }));

const edit = (root: string, path: string, from: string, to: string): void => {
  const text = readFileSync(join(root, path), 'utf8');
  assert.ok(text.includes(from));
  writeFileSync(join(root, path), text.replace(from, to));
};

test('compile writes generated/, and then compile --check is content', async ({ root, mlops }) => {
  const first = await mlops('compile');
  assert.is(first.exit, 0, first.err);
  assert.ok(existsSync(join(root, 'generated/common/airflow/dags/clicks.py')));
  assert.match(first.out, /^generated\/: \d+ files, \d+ new\.\n$/);
  assert.match((await mlops('compile')).out, /nothing changed/);
  assert.is((await mlops('compile', '--check')).exit, 0);
});

test('compile --check exits 1 and names each stale, missing and foreign file', async ({ root, mlops }) => {
  await mlops('compile');
  writeFileSync(join(root, 'generated/common/airflow/dags/clicks.py'), 'edited\n');
  rmSync(join(root, 'generated/common/mlflow/churn.json'));
  writeFileSync(join(root, 'generated/stray.txt'), '');
  const { exit, err } = await mlops('compile', '--check');
  assert.is(exit, 1);
  assert.match(err, /^stale {4}generated\/common\/airflow\/dags\/clicks\.py/m);
  assert.match(err, /^missing {2}generated\/common\/mlflow\/churn\.json/m);
  assert.match(err, /^foreign {2}generated\/stray\.txt/m);
  assert.match(err, /3 files/);
});

test('a spec with an error leaves generated/ as it was, and exits 1', async ({ root, mlops }) => {
  await mlops('compile');
  const before = readFileSync(join(root, 'generated/.manifest/shared.json'), 'utf8');
  edit(root, 'features/clicks.yaml', 'ttl: 7d', 'ttl: soon');
  const { exit, out, err } = await mlops('compile');
  assert.is(exit, 1);
  assert.is(out, '');
  assert.match(err, /error SPC007: 'soon' is not a duration[\s\S]*features\/clicks\.yaml:3:6[\s\S]*1 error in 5 specs/);
  assert.is(readFileSync(join(root, 'generated/.manifest/shared.json'), 'utf8'), before);
  assert.equal(
    readdirSync(root).filter((name) => name.startsWith('.generated')),
    [],
  );
});

test('a linked spec or folder is named, and not followed', async ({ root, mlops }) => {
  symlinkSync(join(root, 'models/churn'), join(root, 'models/linked'));
  symlinkSync(join(root, 'features/clicks.yaml'), join(root, 'features/linked.yaml'));
  const { exit, err } = await mlops('validate');
  assert.is(exit, 1);
  assert.match(err, /error YML008: features\/linked\.yaml is not read: it is a symbolic link/);
  assert.match(err, /error YML008: models\/linked is not read: it is a symbolic link/);
  assert.match(err, /2 errors in 7 specs/);
});

test('deleting a spec deletes what came from it', async ({ root, mlops }) => {
  await mlops('compile');
  rmSync(join(root, 'models/churn'), { recursive: true });
  edit(root, 'pipelines/clicks/pipeline.yaml', ', visits_before: int64', '');
  assert.is((await mlops('compile')).exit, 0);
  assert.not.ok(existsSync(join(root, 'generated/common/airflow/dags/train_churn.py')));
  assert.not.ok(existsSync(join(root, 'generated/common/notebook/churn.ipynb')));
});

test('a copied model folder is a second model with no other edit', async ({ root, mlops }) => {
  await mlops('compile');
  cpSync(join(root, 'models/churn'), join(root, 'models/churn_two'), { recursive: true });
  const { exit, err } = await mlops('compile');
  assert.is(exit, 0, err);
  for (const path of [
    'airflow/dags/train_churn_two.py',
    'mlflow/churn_two.json',
    'serving/churn_two.json',
    'notebook/churn_two.ipynb',
  ]) {
    assert.ok(existsSync(join(root, 'generated/common', path)), path);
  }
});

test('findings come as JSON on standard output', async ({ root, mlops }) => {
  edit(root, 'features/clicks.yaml', 'entity: customer', 'entity: custmer');
  const { exit, out } = await mlops('validate', '--format', 'json');
  assert.is(exit, 1);
  const { version, errors, findings } = JSON.parse(out);
  assert.equal(
    { version, errors, code: findings[0].code, help: findings[0].help },
    { version: 1, errors: 1, code: 'FEA001', help: "did you mean 'customer'?" },
  );
  assert.equal(findings[0].at, {
    file: 'features/clicks.yaml',
    line: 2,
    column: 9,
    endLine: 2,
    endColumn: 16,
    path: 'entity',
  });
});

test('findings come as GitHub annotations', async ({ root, mlops }) => {
  edit(root, 'features/clicks.yaml', 'entity: customer', 'entity: custmer');
  const { out } = await mlops('validate', '--format', 'github');
  assert.is(
    out,
    '::error file=features/clicks.yaml,line=2,col=9,endLine=2,endColumn=16,title=FEA001::There is no entity ' +
      "'custmer'. (did you mean 'customer'?)\n",
  );
});

test('every code is explained', async ({ mlops }) => {
  const { exit, out } = await mlops('explain', 'fea001');
  assert.is(exit, 0);
  assert.match(out, /^FEA001 \(error\): Unknown entity[\s\S]*Why it matters: [\s\S]*Example:\n {4}[\s\S]*Fix: /);
  const rule = await mlops('explain', 'kaf001');
  assert.match(rule.out, /^KAF001 \(breaking, in a plan\): fewer partitions[\s\S]*Why it matters: [\s\S]*What to do: /);
  assert.match((await mlops('explain', 'FEA999')).err, /there is no code 'FEA999'/);
});

test('wrong usage is one sentence and exit code 2', async ({ mlops }) => {
  const wrong: [string[], RegExp][] = [
    [['compil'], /there is no command 'compil'; did you mean 'compile'\?/],
    [['compile', '--chekc'], /--chekc/],
    [['compile', 'extra'], /'extra' is one argument too many/],
    [['explain'], /explain needs CODE/],
    [['step', 'clicks', 'load', '--rows', '0'], /--rows is a whole number above 0, not '0'/],
    [['step', 'clicks', 'load', '--at', 'noon'], /--at 'noon' is not a time such as/],
    [['step', 'clicks', 'load', '--input', 'clicks'], /--input 'clicks' is not TABLE=FILE/],
    [['step', 'clicks', 'load', '--input', 'a=b.csv,c=d.txt'], /--input 'c=d.txt' is not TABLE=FILE/],
    [['step', 'clicks', 'load', '--publish', '--input', 'a=b.csv'], /--publish works on the tables that are there/],
    [['validate', '--today', 'tomorrow'], /--today is a day such as 2027-03-31, not 'tomorrow'/],
    [['validate', '--format', 'xml'], /--format is one of text, json, sarif, github, not 'xml'/],
  ];
  for (const [words, message] of wrong) {
    const { exit, err } = await mlops(...words);
    assert.is(exit, 2, words.join(' '));
    assert.match(err, message);
    assert.is(err.trimEnd().split('\n').length, 1, err);
  }
});

test('fix mends what is safe, says what it did, and leaves the rest of the file to the byte', async ({
  root,
  mlops,
}) => {
  const path = join(root, 'features/clicks.yaml');
  const before = readFileSync(path, 'utf8');
  edit(root, 'features/clicks.yaml', 'ttl: 7d', 'ttl: 7 days # a week');
  edit(root, 'features/clicks.yaml', 'entity: customer', 'entity: custmer');
  const wrong = readFileSync(path, 'utf8');
  const dry = await mlops('fix', '--dry-run');
  assert.match(dry.out, "features/clicks.yaml:3:6 SPC007: write '7d'\n");
  assert.match(dry.out, '2 findings can be fixed in 1 file; 0 errors left.\n');
  assert.is(readFileSync(path, 'utf8'), wrong);
  const { exit, out } = await mlops('fix');
  assert.is(exit, 0, out);
  assert.is(readFileSync(path, 'utf8'), before.replace('ttl: 7d', 'ttl: 7d # a week'));
});

test('fix leaves what it cannot mend, tells it, and exits 1', async ({ root, mlops }) => {
  edit(root, 'features/clicks.yaml', 'ttl: 7d\n', '');
  const { exit, out, err } = await mlops('fix');
  assert.is(exit, 1);
  assert.match(err, 'error FEA002');
  assert.match(out, '0 findings fixed in 0 files; 1 error left.\n');
});

test('validate --suppressed lists what comments suppress, with reason and day', async ({ root, mlops }) => {
  edit(
    root,
    'features/clicks.yaml',
    'features:\n',
    'features:\n  idle: {type: float64} # mlops: ignore FEA015 until 2027-03-31 because the report reads it\n',
  );
  const { exit, out } = await mlops('validate', '--suppressed', '--today', '2026-11-25');
  assert.is(exit, 0);
  assert.match(
    out,
    'features/clicks.yaml:7:3 FEA015 until 2027-03-31\n  No model uses feature clicks.idle.\n  because the ' +
      'report reads it\n',
  );
  assert.match(
    (await mlops('validate', '--today', '2027-04-01')).err,
    'it was suppressed until 2027-03-31: the report reads it',
  );
});

test('a folder that is not there is one sentence', async () => {
  let err = '';
  const exit = await main(['-C', '/no/such/folder', 'validate'], {
    out: () => {},
    err: (text) => {
      err += text;
    },
  });
  assert.is(exit, 2);
  assert.is(err, 'mlops: there is no folder /no/such/folder\n');
});

test('a slip in --keep-api is said before anything is deployed', async ({ root, mlops }) => {
  await mlops('compile');
  for (const [names, said] of [
    ['churm', "there is no model 'churm'; did you mean 'churn'?"],
    ['churn,', "there is no model ''; there are churn"],
  ] as const) {
    const { exit, err } = await mlops('deploy', '--keep-api', names);
    assert.equal([exit, err], [2, `mlops: ${said}\n`]);
  }
  assert.not(existsSync(join(root, '.mlops')));
});

test('a file that an option names has an end, and is there', async ({ root, mlops }) => {
  await mlops('compile');
  for (const [words, option] of [
    [['plan', '--evidence'], '--evidence'],
    [['deploy', '--plan'], '--plan'],
  ] as const)
    for (const [file, why] of [
      ['/dev/zero', 'more than 64 MB'],
      ['nowhere.json', 'ENOENT'],
      ['features', 'EISDIR'],
    ]) {
      const { exit, err } = await mlops(...words, file ?? '');
      assert.equal([exit, err], [2, `mlops: ${file} cannot be read (${why}); ${option} names a file\n`]);
    }
  assert.not(existsSync(join(root, '.mlops')));
});

test('a folder that a file is in the way of is one sentence', async ({ root, mlops }) => {
  await mlops('compile');
  const { exit, err } = await mlops('restore', '--from', join(root, 'platform.yaml'));
  assert.is(exit, 2);
  assert.match(
    err,
    /^mlops: \S+platform\.yaml\/\S+ cannot be reached, as a part of it is no folder; look at what it is\.\n$/,
  );
});

test('the IR is printed as JSON, each object with its address and its place', async ({ mlops }) => {
  const { exit, out } = await mlops('ir');
  assert.is(exit, 0);
  const { pipelines, featureViews } = JSON.parse(out);
  assert.equal(
    pipelines.map(({ address }: { address: string }) => address),
    ['pipeline/clicks', 'pipeline/score_churn', 'pipeline/train_churn'],
  );
  const [feature] = featureViews[0].features;
  assert.is(feature.address, 'feature_view/clicks/feature/clicks_24h');
  assert.equal(feature.origin, { file: 'features/clicks.yaml', path: 'features/clicks_24h', line: 7 });
});

test('help lists every command, and each command has its own', async ({ mlops }) => {
  const { exit, out } = await mlops('--help');
  assert.is(exit, 0);
  for (const name of ['validate', 'compile', 'explain', 'ir', 'up', 'down', 'status', 'run', 'backfill']) {
    assert.match(out, new RegExp(`^ {2}${name}\\b`, 'm'));
    assert.is((await mlops(name, '--help')).exit, 0);
  }
});

test.run();

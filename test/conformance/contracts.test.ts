import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../../compiler/compile.ts';
import { readSources } from '../../compiler/source/read.ts';
import { PLATFORMS } from '../../compiler/test/fixture.ts';
import { askPython } from '../../compiler/test/python-batch.ts';
import { filesOf, ROOT } from './compiled.ts';

test('the runtime reads every contract that the compiler writes', () => {
  const folders: [folder: string, kind: string][] = [
    ['common/runtime/pipelines', 'Pipeline'],
    ['common/runtime/tables', 'Table'],
    ['common/runtime/models', 'Model'],
    ['common/runtime/views', 'View'],
    ['common/mlflow', 'Tracking'],
    ['common/serving', 'Serving'],
    ['common/streaming', 'Streaming'],
    ['common/monitoring/views', 'MonitoredView'],
    ['common/monitoring/models', 'MonitoredModel'],
    ['staging/streaming', 'StreamEndpoint'],
    ['prod/streaming', 'StreamEndpoint'],
    ...['local', 'prod', 'staging'].flatMap((environment): [string, string][] => [
      [`${environment}/serving`, 'Endpoint'],
      [`${environment}/runtime`, 'Environment'],
    ]),
  ];
  for (const [folder] of folders) assert.ok(filesOf(folder, '.json').length > 0, `${folder} is empty`);
  const kindOf = (path: string, kind: string): string => (path.endsWith('/services.json') ? 'Services' : kind);
  const questions = folders.flatMap(([folder, kind]) =>
    filesOf(folder, '.json').map((path) => [kindOf(path, kind), path]),
  );
  const script = `
from pathlib import Path
from mlops_runtime import contracts
answers = [type(contracts.read(getattr(contracts, kind), Path(path))).__name__ for kind, path in questions]
`;
  assert.equal(
    askPython(script, questions, { PYTHONPATH: `${ROOT}/runtime` }),
    questions.map(([kind]) => kind),
  );
});

test('the runtime makes the digest of each model from the contracts as the compiler does from the specs', () => {
  const script = `
from pathlib import Path
from mlops_runtime import contracts

def digest(folder, name):
    runtime = Path(folder) / "common/runtime"
    model = contracts.read(contracts.Model, runtime / f"models/{name}.json")
    views = {feature.view for feature in model.features}
    return contracts.spec_digest(
        model, [contracts.read(contracts.View, runtime / f"views/{view}.json") for view in views]
    )

answers = [digest(*question) for question in questions]
`;
  const models = readdirSync(PLATFORMS).flatMap((platform) => {
    const { ir } = analyse(readSources(join(PLATFORMS, platform)));
    return (ir?.models ?? []).map((model) => ({ model, folder: join(PLATFORMS, platform, 'golden') }));
  });
  assert.ok(models.length > 2);
  assert.equal(
    askPython(
      script,
      models.map(({ model, folder }) => [folder, model.name]),
      { PYTHONPATH: `${ROOT}/runtime` },
    ),
    models.map(({ model }) => model.specDigest),
  );
});

test('MLflow loads every signature', () => {
  const script = `
from mlflow.models import ModelSignature
from mlflow.types import Schema

def columns(path):
    stated = json.load(open(path))["signature"]
    read = ModelSignature(*(Schema.from_json(json.dumps(stated[side])) for side in ("inputs", "outputs")))
    sides = (("inputs", read.inputs), ("outputs", read.outputs))
    return [json.loads(side.to_json()) == stated[name] for name, side in sides]

answers = [columns(path) for path in questions]
`;
  const paths = filesOf('common/mlflow', '.json');
  assert.equal(
    askPython(script, paths),
    paths.map(() => [true, true]),
  );
});

test('the schemas of requests and responses are JSON Schema 2020-12', () => {
  const script = `
from jsonschema import Draft202012Validator
for path in questions:
    contract = json.load(open(path))
    for schema in (contract["request_schema"], contract["response_schema"]):
        assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$schema"]
        Draft202012Validator.check_schema(schema)
answers = len(questions)
`;
  assert.ok(Number(askPython(script, filesOf('common/serving', '.json'))) > 0);
});

test('every notebook is valid nbformat 4.5, without outputs', () => {
  const script = `
import warnings
import nbformat
warnings.simplefilter("error")
answers = []
for path in questions:
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    has_run = any(cell.outputs or cell.execution_count for cell in code)
    answers.append([notebook.nbformat, notebook.nbformat_minor, has_run])
`;
  const paths = filesOf('common/notebook', '.ipynb');
  assert.equal(
    askPython(script, paths),
    paths.map(() => [4, 5, false]),
  );
});

test.run();

/**
 * The JSON Schemas in an editor's own YAML language server: with the settings of `.vscode`, and by a spec's first line
 * alone.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type CompletionList,
  createProtocolConnection,
  type Diagnostic,
  type Hover,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { readRepository } from './faults/repository.ts';
import { PLATFORMS } from './fixture.ts';

const ROOT = join(import.meta.dirname, '../..');
const settings = JSON.parse(readFileSync(join(ROOT, '.vscode/settings.json'), 'utf8'));
interface Schema {
  $ref?: string;
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
}

test('every key of the language has a description', () => {
  const folder = join(ROOT, 'compiler/spec-schema');
  const read = (name: string): Schema & { $defs?: Record<string, Schema> } =>
    JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const common = read('common.schema.json').$defs ?? {};
  const bare: string[] = [];
  const walk = (schema: Schema | boolean | undefined, path: string): void => {
    if (typeof schema !== 'object') return;
    for (const [key, each] of Object.entries(schema.properties ?? {})) {
      if (!each.description && !common[each.$ref?.split('/').at(-1) ?? '']?.description) bare.push(`${path}/${key}`);
      walk(each, `${path}/${key}`);
    }
    walk(schema.additionalProperties, `${path}/*`);
    walk(schema.items, `${path}/*`);
  };
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.schema.json'))) walk(read(name), name);
  assert.equal(bare, []);
});

const relative = (uri: string) => join(ROOT, uri);

interface Answers {
  diagnostics: Diagnostic[];
  hover: string;
  completions: string[];
}

/** Asks about one text; hover and completion at the start of its line `line` (from 0). */
async function ask(path: string, text: string, line: number, schemas: object): Promise<Answers> {
  const server = spawn(
    process.execPath,
    [join(ROOT, 'node_modules/yaml-language-server/bin/yaml-language-server'), '--stdio'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const uri = pathToFileURL(relative(path)).href;
  const yaml = { validate: true, hover: true, completion: true, schemaStore: { enable: false }, schemas };
  connection.onRequest('workspace/configuration', ({ items }: { items: { section: string }[] }) =>
    items.map(({ section }) => (section === 'yaml' ? yaml : section === '[yaml]' ? {} : null)),
  );
  connection.onRequest('client/registerCapability', () => null);
  const told = new Promise<Diagnostic[]>((resolve) =>
    connection.onNotification('textDocument/publishDiagnostics', (sent: PublishDiagnosticsParams) => {
      if (sent.uri === uri) resolve(sent.diagnostics);
    }),
  );
  connection.listen();
  try {
    const folder = { uri: pathToFileURL(ROOT).href, name: 'repository' };
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: folder.uri,
      workspaceFolders: [folder],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: { completion: {}, hover: {} },
      },
    });
    await connection.sendNotification('initialized', {});
    await connection.sendNotification('workspace/didChangeConfiguration', { settings: { yaml } });
    await connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    });
    const diagnostics = await told;
    const at = { textDocument: { uri }, position: { line, character: 1 } };
    const hover = await connection.sendRequest<Hover | null>('textDocument/hover', at);
    const list = await connection.sendRequest<CompletionList>('textDocument/completion', {
      ...at,
      position: { line, character: 0 },
    });
    return {
      diagnostics,
      hover: JSON.stringify(hover?.contents ?? ''),
      completions: list.items.map(({ label }) => label),
    };
  } finally {
    connection.dispose();
    server.kill();
  }
}

const view = 'kind: FeatureView\nentity: customer\nfreshness: 1d\nttll: 7d\n';

test('with the settings of .vscode, a spec has its schema: slips, descriptions, keys', async () => {
  const found = await ask('features/shop/clicks.yaml', view, 2, settings['yaml.schemas']);
  assert.match(found.diagnostics.map(({ message }) => message).join('\n'), 'ttll');
  assert.ok(found.hover.length > 10, found.hover);
  assert.ok(found.completions.includes('ttl'), found.completions.join());
});

test('an entity and a feature view are told apart by their kind', async () => {
  const found = await ask(
    'features/shop/customer.yaml',
    'kind: Entity\ntype: int64\nttl: 7d\n',
    1,
    settings['yaml.schemas'],
  );
  assert.match(found.diagnostics.map(({ message }) => message).join('\n'), 'ttl');
  assert.not.ok(found.completions.includes('freshness'));
});

test('by its first line alone a spec has its schema, in any editor', async () => {
  const line = '# yaml-language-server: $schema=../compiler/spec-schema/features.schema.json\n';
  const found = await ask('features/clicks.yaml', `${line}${view}`, 3, {});
  assert.match(found.diagnostics.map(({ message }) => message).join('\n'), 'ttll');
  assert.ok(found.completions.includes('ttl'));
});

test('a sound spec of each kind has nothing that a YAML language server complains about', async () => {
  const files = readRepository(join(PLATFORMS, 'flights'));
  for (const path of [
    'platform.yaml',
    'features/carrier_delays.yaml',
    'pipelines/flights/pipeline.yaml',
    'models/departure_delay/model.yaml',
    'monitoring/checkout.yaml',
    'policies/house.yaml',
  ]) {
    const { diagnostics } = await ask(path, files.get(path) ?? '', 1, settings['yaml.schemas']);
    assert.equal(
      diagnostics.map(({ message }) => message),
      [],
      path,
    );
  }
});

test.run();

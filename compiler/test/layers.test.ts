/** The arrows of the design, enforced: data goes left to right, and only the ends touch the outside. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const COMPILER = join(import.meta.dirname, '..');

/** Each room, with the rooms that it may import from. `diagnostics` and `render` import no stage. */
const MAY_IMPORT: Record<string, string[]> = {
  diagnostics: [],
  render: [],
  source: ['diagnostics'],
  'spec-schema': ['diagnostics', 'source'],
  ir: [],
  link: ['diagnostics', 'source', 'spec-schema', 'ir', 'checks'],
  checks: ['diagnostics', 'source', 'spec-schema', 'ir', 'link'],
  lower: ['diagnostics', 'source', 'spec-schema', 'ir', 'link'],
  tools: ['diagnostics', 'render', 'ir', 'hosts', 'clients'],
  hosts: ['diagnostics', 'render', 'ir', 'tools'],
  write: ['diagnostics', 'tools/tool.ts'],
  release: ['diagnostics', 'tools', 'operate', 'clients'],
  clients: ['operate'],
  operate: ['diagnostics', 'write', 'clients'],
  commands: ['diagnostics', 'source', 'write', 'operate', 'release', 'clients', 'compile.ts', 'mend.ts', 'editor'],
  'compile.ts': ['diagnostics', 'source', 'spec-schema', 'link', 'ir', 'lower', 'tools'],
  editor: ['diagnostics', 'source', 'spec-schema', 'link', 'compile.ts', 'mend.ts'],
  'mend.ts': ['diagnostics', 'source', 'compile.ts'],
  'cli.ts': ['commands', 'diagnostics'],
};

/** Rooms that may read or write files, start processes or use the network. */
const OUTSIDE = new Set(['editor', 'operate', 'release', 'clients', 'commands', 'write', 'cli.ts']);
/** A target's live side talks to the running tool; it counts as release. */
const isLive = (path: string): boolean => /^tools\/([^/]+\/)?live\.ts$/.test(path);
const OUTSIDE_MODULES = /^(node:)?(fs|fs\/promises|net|http|https|child_process|dgram|tls|worker_threads)$/;
/** Reads the specs, and nothing else does before `write`; templates are read beside the code that fills them. */
const READERS = new Set(['source/read.ts', 'render/template.ts']);

const files = (readdirSync(COMPILER, { recursive: true }) as string[])
  .map((path) => path.split('\\').join('/'))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !/^test\/|\/(golden|generated)\//.test(path));

const importsOf = (path: string): string[] =>
  [
    ...readFileSync(join(COMPILER, path), 'utf8').matchAll(
      /(?:^|\n)(?:import|export)[^'";]*?from '([^']+)'|import\('([^']+)'\)/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? '');

const roomOf = (path: string): string => path.split('/')[0] ?? path;

test('each stage imports only the stages before it', () => {
  const wrong: string[] = [];
  for (const path of files) {
    const room = roomOf(path);
    const allowed = MAY_IMPORT[room];
    assert.ok(allowed, `${path} stands in no room of the design`);
    for (const target of importsOf(path).filter((each) => each.startsWith('.'))) {
      const resolved = posix.normalize(posix.join(posix.dirname(path), target));
      if (roomOf(resolved) !== room && !allowed.some((each) => resolved === each || resolved.startsWith(`${each}/`)))
        wrong.push(`${path} imports ${resolved}`);
    }
  }
  assert.equal(wrong, []);
});

test('nothing before write touches files, processes or the network, bar the reader of specs', () => {
  const wrong = files
    .filter((path) => !OUTSIDE.has(roomOf(path)) && !READERS.has(path) && !isLive(path))
    .flatMap((path) =>
      importsOf(path)
        .filter((each) => OUTSIDE_MODULES.test(each))
        .map((each) => `${path} imports ${each}`),
    );
  assert.equal(wrong, []);
});

test('a tool is one folder and one line of the registry, and no tool knows another', () => {
  const tools = readdirSync(join(COMPILER, 'tools'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const registry = readFileSync(join(COMPILER, 'tools/registry.ts'), 'utf8');
  for (const target of tools) assert.is(registry.split(`'./${target}/emit.ts'`).length, 2, target);
  const crossing = files
    .filter((path) => path.startsWith('tools/') && path.split('/').length > 2)
    .flatMap((path) =>
      importsOf(path)
        .map((each) => posix.normalize(posix.join(posix.dirname(path), each)))
        .filter(
          (each) =>
            each.startsWith('tools/') &&
            each !== 'tools/tool.ts' &&
            each !== 'tools/live.ts' &&
            each !== 'tools/objectives.ts' &&
            each.split('/')[1] !== path.split('/')[1],
        ),
    );
  assert.equal(crossing, []);
});

test('a check is one file and one line of the registry', () => {
  const registry = readFileSync(join(COMPILER, 'checks/registry.ts'), 'utf8');
  const checks = readdirSync(join(COMPILER, 'checks')).filter((name) => name !== 'registry.ts');
  for (const check of checks) assert.is(registry.split(`'./${check}'`).length, 2, check);
});

test.run();

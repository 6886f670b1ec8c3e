/** Twice as many specs are twice as much work: counted in properties of the IR that emitters read, not in seconds. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, createCompiler, emit } from '../compile.ts';
import { hosts } from '../hosts/registry.ts';
import type { Ir } from '../ir/types.ts';
import type { Artifact } from '../render/artifact.ts';
import { tools } from '../tools/registry.ts';
import { counted } from './counting.ts';
import { largeRepository } from './large.ts';
import { asSources } from './sources.ts';

/** Every kind of environment, with models that are served online and views that are streamed. */
const EVERYTHING: [file: RegExp, before: string, after: string][] = [
  [
    /^platform/,
    '{runtime: process, stores: embedded}\n',
    `{runtime: process, stores: embedded}
  staging: {runtime: process, stores: servers, port_offset: 10000, alerting: {webhook: "http://alerts.example.com"}}
  prod:
    runtime: compose
    stores: servers
    host: mlops.example.com
    secrets: {provider: file, dir: secrets}
    alerting: {webhook: "http://alerts.example.com"}
`,
  ],
  [/clicks/, 'batch:', 'stream: {}\nbatch:'],
  [/model\.yaml/, '  batch:', '  online: {latency_p99: 50ms, availability: 99.9%}\n  batch:'],
];

function large(specs: number): Ir {
  const files = largeRepository(specs);
  for (const [path, text] of files)
    for (const [file, before, after] of EVERYTHING) if (file.test(path)) files.set(path, text.replace(before, after));
  const { ir, findings } = analyse(asSources(files));
  assert.equal(
    findings.map(({ message }) => message),
    [],
  );
  return ir as Ir;
}

const sizes = [20, 40, 80].map(large);

function assertLinear(emitting: (ir: Ir) => Artifact[]): void {
  const [few, more, most] = sizes.map((ir) => {
    const { value, reads } = counted(ir);
    assert.ok(emitting(value).length > 0);
    return reads();
  }) as [number, number, number];
  assert.ok(few > 0);
  assert.ok(most - more <= 2 * (more - few), `${few}, ${more}, ${most} reads`);
}

for (const tool of tools)
  test(`${tool.name} reads an IR in proportion to its size`, () =>
    assertLinear((ir) => createCompiler([tool], hosts).emit(ir)));
test('all together do', () => assertLinear(emit));

test.run();

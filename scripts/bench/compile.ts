/** Validating and compiling repositories of several sizes, in one process, beside parsing their YAML alone. */

import { parseDocument } from 'yaml';
import { minimist } from 'zx';
import { analyse, emit } from '../../compiler/compile.ts';
import type { Ir } from '../../compiler/ir/types.ts';
import { largeRepository } from '../../compiler/test/large.ts';
import { printTable, type Times, timed } from './measure.ts';

const ROUNDS = 5;

export async function bench(words: string[]): Promise<void> {
  const { specs } = minimist(words) as { specs?: number };
  for (const size of specs === undefined ? [100, 1000, 3000] : [specs]) await benchSize(size);
}

async function benchSize(size: number): Promise<void> {
  const files = largeRepository(size);
  const texts = [...files].filter(([path]) => path.endsWith('.yaml')).map(([, text]) => text);
  // New objects each time: what is the same object is not parsed again.
  const sources = () => ({
    specs: [...files]
      .filter(([path]) => path.endsWith('.yaml'))
      .map(([path, text]) => ({ path, bytes: Buffer.from(text), refused: null })),
    code: new Map([...files].filter(([path]) => path.endsWith('.py'))),
    unreadCode: new Map(),
    locks: new Map(),
    carriesRuntime: false,
  });
  const { ir } = analyse(sources());
  if (!ir) throw new Error('the repository has findings');
  const works: [name: string, work: () => unknown][] = [
    ['parsing the YAML alone', () => texts.map((text) => parseDocument(text).toJS())],
    ['validate: every stage to the IR', () => analyse(sources())],
    ['emit: the IR to every file', () => emit(ir as Ir)],
  ];
  const rows = works.map(([name]): Times => ({ name, times: [] }));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, [, work]] of works.entries()) rows[index]?.times.push(await timed(work));
  printTable(`${texts.length.toLocaleString('en-US')} specs`, rows);
}

/** How soon `mlops lsp` answers while somebody types, beside an answer that asks for nothing. */
import { minimist } from 'zx';
import { within } from '../../compiler/test/editor-client.ts';
import { largeRepository } from '../../compiler/test/large.ts';
import { printTable, type Times, timed } from './measure.ts';

const ROUNDS = 40;
const VIEW = 'features/g0010/clicks_0010.yaml';
const MODEL = 'models/m0010/model.yaml';
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function bench(words: string[]): Promise<void> {
  const { specs = 2000 } = minimist(words) as { specs?: number };
  await within(largeRepository(Math.max(100, specs)), [VIEW, MODEL], async (editor) => {
    const ready = editor.told(VIEW, (codes) => codes.length > 0);
    await editor.type(VIEW, 'last_page: {type: string}', 'last_page: {type: strin}');
    await ready;
    const asked: [string, () => Promise<unknown>][] = [
      ['code action where there is no finding', () => editor.actions(MODEL, 0)],
      ['hover', () => editor.ask('hover', MODEL, 'clicks_0010', 3)],
      ['definition', () => editor.ask('definition', MODEL, 'clicks_0010', 3)],
      ['references', () => editor.ask('references', VIEW, 'count_24h', 3, { context: { includeDeclaration: true } })],
      ['completion', () => editor.ask('completion', MODEL, 'clicks_0010', 4)],
      ['rename', () => editor.ask('rename', VIEW, 'count_24h', 3, { newName: 'count_of_day' })],
      ['code action', () => editor.actions(VIEW, 9)],
    ];
    let [typed, next] = ['strin}', 'string}'];
    const rows = asked.map(([name]): Times => ({ name, times: [] }));
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [index, [, ask]] of asked.entries()) {
        // A key is hit before each answer, so that none comes from before; the checks run between two of them.
        await editor.type(VIEW, `last_page: {type: ${typed}`, `last_page: {type: ${next}`);
        [typed, next] = [next, typed];
        await pause(20);
        rows[index]?.times.push(await timed(ask));
      }
    printTable(`editor, ${specs.toLocaleString('en-US')} specs, an answer after a key`, rows);
  });
}

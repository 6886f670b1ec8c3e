/** `--drop-data KIND:NAME`, which names one object each time it is given. */
import { printable } from '../diagnostics/printable.ts';
import { holdings } from '../release/data.ts';
import { type Arguments, type Option, UsageError } from './command.ts';

export const dropDataOption = (help: string): Option => ({
  type: 'string',
  value: 'KIND:NAME',
  isRepeatable: true,
  help,
});

export function droppedIn({ 'drop-data': given }: Arguments['options']): string[] {
  if (given === undefined) return [];
  const kinds = holdings.kinds.map(({ kind }) => kind).sort();
  const addresses = String(given).split(',');
  const wrong = addresses.find((each) => !kinds.includes(/^([a-z]+):[A-Za-z0-9_][\w.-]*$/.exec(each)?.[1] ?? ''));
  if (wrong !== undefined)
    throw new UsageError(
      `--drop-data names one object that holds data, such as table:flights, and not '${printable(wrong)}'; ` +
        `there are ${kinds.join(', ')}`,
    );
  return [...new Set(addresses)];
}

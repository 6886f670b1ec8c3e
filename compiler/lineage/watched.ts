/** What each dashboard's panels and each alert read, in words, for the catalogue. */
import type { Ir } from '../ir/types.ts';
import { nameOf } from '../plan/objects.ts';
import { panelsIn, watchersIn } from '../plan/watching.ts';

/** More of one panel are counted. */
const SHOWN = 12;

/** By the address of a dashboard or of an alert: a heading, and rows. */
export function watchedBy(ir: Ir): Map<string, string[][]> {
  const found = new Map<string, string[][]>();
  for (const { within, name, reads } of panelsIn(ir)) {
    const rows = found.get(within.address) ?? [['panel', 'reads']];
    found.set(within.address, [...rows, [name.slice(within.name.length + 2), listed(reads)]]);
  }
  const read = new Map<string, string[]>();
  for (const [watched, watchers] of watchersIn(ir))
    for (const { address, of } of watchers)
      if (of === 'alert' || of === 'platform_alert') read.set(address, [...(read.get(address) ?? []), watched]);
  for (const [address, reads] of read) found.set(address, [['reads'], [listed(reads)]]);
  return found;
}

function listed(addresses: readonly string[]): string {
  const names = [...new Set(addresses.map(nameOf))];
  const more = names.length > SHOWN ? [`and ${names.length - SHOWN} more`] : [];
  return names.length === 0 ? 'the machines alone' : [...names.slice(0, SHOWN), ...more].join(', ');
}

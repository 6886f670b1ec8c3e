/** Objects that hold data: which of them a release asks for, and what is said of one that none asks for any more. */
import { formatBytes } from '../diagnostics/bytes.ts';
import type { Live } from './live.ts';

/** What was compiled, as far as it says which objects it asks for. */
export type Compiled = Pick<Live, 'environment' | 'read' | 'list'>;

/** A kind of object that holds data; `runtime/mlops_runtime/holdings` looks at one, and drops it. */
export interface DataKind {
  /** `table` of `table:flights`. */
  kind: string;
  /** Names of those that the compiled output asks for. */
  asked(compiled: Compiled): string[];
  /** Live side and prefix of its addresses: what is recorded as asked for since before there was a record of data. */
  before?: readonly [side: string, prefix: string];
}

/** What one holds, as the store tells it. */
export interface Holding {
  amount: number;
  unit: string;
  bytes: number | null;
  /** Last: ISO 8601, UTC. */
  written: string | null;
  by: string | null;
  /** What needs it that no compiled file tells; `of` is the address of what holds the reader. */
  readers: { of: string | null; why: string }[];
}

/** One that holds something, and that the compiled output does not ask for. */
export interface LeftData extends Holding {
  address: string;
  /** Releases that are kept, and ask for it: what a rollback may go to, and what still runs on one. */
  keptBy: string[];
  /** Whether it is to be dropped. */
  drop: boolean;
}

/** Names of the files of a folder, without their ending. */
export const namesIn = ({ list }: Compiled, folder: string): string[] =>
  list(folder).flatMap((path) => (path.endsWith('.json') ? [path.slice(folder.length + 1, -'.json'.length)] : []));

/** `336,776 rows, 4 MB, last written 2026-01-05 03:15 UTC by flights.ingest` */
export function amountOf({ amount, unit, bytes, written, by }: Holding): string {
  const size = bytes === null ? '' : `, ${formatBytes(bytes)}`;
  const last = written === null ? '' : `, last written ${written.slice(0, 16).replace('T', ' ')} UTC`;
  const who = by === null ? '' : ` by ${by}`;
  return `${amount.toLocaleString('en')} ${unit}${amount === 1 ? '' : 's'}${size}${last}${who}`;
}

/** Why it may not be dropped; the addresses in `dropped` need nothing any more. */
export function neededBy({ keptBy, readers }: LeftData, dropped: ReadonlySet<string>): string[] {
  const releases =
    keptBy.length === 0
      ? []
      : [`Release${keptBy.length === 1 ? '' : 's'} ${keptBy.join(', ')} may run again, and asks for it.`];
  return [...releases, ...readers.filter(({ of }) => of === null || !dropped.has(of)).map(({ why }) => why)];
}

/** The plan's line of it. */
export function lineOf(left: LeftData): string {
  const what = `data: ${left.address} (${amountOf(left)})`;
  if (left.drop) return `${what} is dropped for good by this deploy.`;
  const why = neededBy(left, new Set());
  const not = why.length === 0 ? '' : ` Not yet: ${why.join(' ')}`;
  return `${what} is not asked for any more; it would be dropped only with --drop-data ${left.address}.${not}`;
}

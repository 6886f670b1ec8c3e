/** A store of one kind: a file per object in the state, with how much it holds. A release asks for its text's words. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import type { Holdings } from '../../compiler/release/data.ts';
import type { Holding } from '../../compiler/tools/data.ts';

const PREFIX = 'shelf-';
const file = ({ state }: Pick<Workspace, 'state'>, name: string): string => join(state, `${PREFIX}${name}`);

export const put = (workspace: Workspace, name: string, amount: number): void =>
  writeFileSync(file(workspace, name), String(amount));

export function shelfIn(workspace: Workspace, readers: Record<string, Holding['readers']> = {}): Holdings {
  return {
    kinds: [{ kind: 'shelf', asked: ({ read }) => (read('../models/m/data.txt') ?? '').split(' ').filter(Boolean) }],
    look: async (_live, addresses) => {
      const names = readdirSync(workspace.state).flatMap((each) =>
        each.startsWith(PREFIX) ? [each.slice(PREFIX.length)] : [],
      );
      const asked = names.filter((name) => addresses.includes(`shelf:${name}`));
      return Object.fromEntries(asked.map((name) => [`shelf:${name}`, holding(name)]));
    },
    drop: async (_live, address) => {
      if (existsSync(file(workspace, 'refuses'))) throw new OperationError('the shelf is locked', 1);
      rmSync(file(workspace, address.slice('shelf:'.length)), { force: true });
    },
  };

  function holding(name: string): Holding {
    const amount = Number(readFileSync(file(workspace, name), 'utf8'));
    return { amount, unit: 'thing', bytes: null, written: null, by: null, readers: readers[name] ?? [] };
  }
}

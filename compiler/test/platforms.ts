/** Whole platforms in which the compiler finds nothing. */
import { join } from 'node:path';
import { readRepository } from './faults/repository.ts';

const ROOTS = {
  flights: join(import.meta.dirname, 'platforms/flights'),
  fraud: join(import.meta.dirname, 'platforms/fraud'),
  shop: join(import.meta.dirname, 'base'),
};

export const soundPlatforms = (): { name: string; files: Map<string, string> }[] =>
  Object.entries(ROOTS).map(([name, root]) => ({ name, files: readRepository(root) }));

/**
 * By how much a new repository's ports are moved, so that several fit on one machine without anybody thinking of it.
 * It follows from the folder, stands in platform.yaml from then on, and whoever likes another one writes it there.
 */
import { createHash } from 'node:crypto';

/** With 10000 more, as staging has, even the highest port of a tool stays below those of models (20000). */
const OFFSETS = 590;

export const offsetOf = (root: string): number =>
  1 + (createHash('sha256').update(root).digest().readUInt32BE() % OFFSETS);

import type { LiveSide } from '../tools/live.ts';
import { tools } from '../tools/registry.ts';

/** `after` in each decides the order. */
export const liveSides: readonly LiveSide[] = tools.flatMap(({ live }) => (live ? [live] : []));

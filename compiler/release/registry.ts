import type { LiveSide } from '../tools/live.ts';
import { tools } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';

/** `after` in each decides the order. */
export const liveSidesOf = (all: readonly Tool[]): LiveSide[] => all.flatMap(({ live }) => live ?? []);

export const liveSides: readonly LiveSide[] = liveSidesOf(tools);

import type { Target } from './target.ts';

/** One line a target; everything else about it stands in its folder. */
export const targets: readonly Target[] = [];

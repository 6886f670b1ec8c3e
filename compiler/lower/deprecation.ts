/** What a spec announces of something that will go. */
import type { Deprecation } from '../ir/types.ts';

interface Stated {
  until: string;
  use?: string;
}

/** `view` is the one in which a feature stands: it may name another of that view without it. */
export function deprecationOf(stated: Stated | undefined, view: string | null = null): Deprecation | null {
  if (!stated) return null;
  const { until, use = null } = stated;
  return { until, use: use === null || view === null || use.includes('.') ? use : `${view}.${use}` };
}

import type { Deprecation } from '../ir/types.ts';

/** For tools that have no word for it, but show tags. */
export const deprecationTags = (deprecated: Deprecation | null): Record<string, string> =>
  deprecated === null
    ? {}
    : {
        deprecated_until: deprecated.until,
        ...(deprecated.use === null ? {} : { deprecated_use: deprecated.use }),
      };

/** The platform as a whole: its owners, and the outside systems that steps reach. */
import type { Addressed } from './values.ts';

export interface Platform extends Addressed {
  name: string;
  description: string;
  timezone: string;
  /** Whether the repository has the runtime's sources; else the package of the compiler brings it as a wheel. */
  carriesRuntime: boolean;
  owners: Owner[];
}

export interface Owner extends Addressed {
  name: string;
  email: string | null;
  /** Slack channel, `#` included. */
  slack: string | null;
  /** Who is asked about what is theirs: `@ORGANISATION/TEAM`, or `@USER`. */
  github: string | null;
}

/** An outside system that steps reach by name. A secret is a reference, never a value. */
export interface Connection extends Addressed {
  name: string;
  /** Literal settings, e.g. `{url: 'postgresql://db/flights'}`. */
  settings: Record<string, string | number | boolean>;
  /** Setting → name of the secret that holds its value. */
  secrets: Record<string, string>;
}

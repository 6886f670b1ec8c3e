/** The platform as a whole: its owners, and the outside systems that steps reach. */
import type { Origin } from './values.ts';

export interface Platform {
  name: string;
  description: string;
  timezone: string;
  origin: Origin;
  owners: Owner[];
}

export interface Owner {
  name: string;
  email: string | null;
  /** Slack channel, `#` included. */
  slack: string | null;
}

/** An outside system that steps reach by name. A secret is a reference, never a value. */
export interface Connection {
  name: string;
  origin: Origin;
  /** Literal settings, e.g. `{url: 'postgresql://db/flights'}`. */
  settings: Record<string, string | number | boolean>;
  /** Setting → name of the secret that holds its value. */
  secrets: Record<string, string>;
}

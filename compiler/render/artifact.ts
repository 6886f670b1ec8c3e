/** A file to be written below `generated/`. `path` is relative to it and uses `/`. */
export interface Artifact {
  path: string;
  content: string;
  /** Spec file it comes from, or null where it gathers many. Ends up in .manifest/. */
  origin: string | null;
  /** All that it says, by what says it: its own path, and the addresses of others. Left out where that is one. */
  parts?: ReadonlyMap<string, string>;
}

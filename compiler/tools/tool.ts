import type { Environment, Ir } from '../ir/types.ts';
import type { LiveSide } from './live.ts';

/** A file to be written below `generated/`. `path` is relative to it and uses `/`. */
export interface Artifact {
  path: string;
  content: string;
  /** Spec file it comes from, or null where it gathers many. Ends up in manifest.json. */
  origin: string | null;
}

/**
 * Everything that is known of a tool; `registry.ts` lists them. Functions are pure: no clock, no randomness, no file
 * system. Values reach the text only through the encoders of `render/`.
 */
export interface Tool {
  name: string;
  /** Files that are the same in every environment, below `common/<name>/`. */
  emitCommon?(ir: Ir): Artifact[];
  /** The thin rest, below `<environment>/<name>/`. */
  emitEnvironment?(ir: Ir, environment: Environment): Artifact[];
  live?: LiveSide;
}

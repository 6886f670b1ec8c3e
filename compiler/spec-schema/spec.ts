import type { ParsedSpec } from '../source/parsed-spec.ts';
import type { Kind, SpecTypes } from './kinds.ts';

/** A spec whose kind is known. `value` may only be trusted as the type says when `valid`. */
export interface Spec<K extends Kind = Kind> {
  kind: K;
  path: string;
  /** Folder of the file, without a trailing slash; empty for platform.yaml. */
  folder: string;
  source: ParsedSpec;
  value: SpecTypes[K];
  valid: boolean;
}

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

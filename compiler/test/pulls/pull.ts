/**
 * A seeded pull request: an edit of a sound repository that leaves it sound, and what a reader of the specs would say
 * of it. Knows nothing of the compiler.
 */
import type { Spec, World } from '../faults/making.ts';
import { add, type Files, type Path, remove, setKey, setValue } from '../faults/repository.ts';
import type { Names } from './flow.ts';

export type Class = 'metadata' | 'compatible' | 'backfill' | 'retrain' | 'recreate' | 'one-way' | 'breaking';

/** What is said of one object. Any of the classes is right where a change can be read in two ways. */
export interface Expected {
  /** Its permanent name, such as `feature_view/card_activity/feature/spent_1h`. */
  object: string;
  classes: readonly Class[];
}

export interface Pull {
  /** Kind of change, such as `feature type widened`. */
  kind: string;
  /** What was edited, and to what. */
  what: string;
  files: Files;
  /** Empty: nothing is planned, since nothing of the platform changes. */
  expected: Expected[];
  /** What holds, reads or serves what changed; null where nobody but the object itself is concerned. */
  radius: Names | null;
}

/** At least this grave, whatever the reading. */
export const NOT_HARMLESS: readonly Class[] = ['backfill', 'retrain', 'recreate', 'one-way', 'breaking'];
export const NO_BREAK: readonly Class[] = ['metadata', 'compatible'];
/** Nobody's values change; what runs may be started again. */
export const OPERATION: readonly Class[] = ['metadata', 'compatible', 'recreate'];
export const VALUES: readonly Class[] = ['backfill', 'retrain', 'breaking'];
export const NARROWER: readonly Class[] = ['recreate', 'one-way', 'breaking'];
export const ANY: readonly Class[] = ['metadata', 'compatible', ...NOT_HARMLESS];

export const says = (object: string, classes: readonly Class[] | Class): Expected => ({
  object,
  classes: typeof classes === 'string' ? [classes] : classes,
});

export type Edit = (files: Files) => Files;

export const setting =
  ({ file }: Spec, path: Path, text: string): Edit =>
  (files) =>
    setValue(files, file, path, text);

export const removing =
  ({ file }: Spec, path: Path): Edit =>
  (files) =>
    remove(files, file, path);

export const adding =
  ({ file }: Spec, path: Path, entry: string): Edit =>
  (files) =>
    add(files, file, path, entry);

export const renaming =
  ({ file }: Spec, path: Path, name: string): Edit =>
  (files) =>
    setKey(files, file, path, name);

/** Set where it is stated, added where not. */
export function stating(spec: Spec, path: Path, text: string): Edit {
  const outer = path.slice(0, -1);
  const key = path.at(-1) as string;
  const holder = outer.reduce<unknown>((value, step) => (value as Record<string, unknown>)?.[step], spec.value);
  const isStated = typeof holder === 'object' && holder !== null && key in holder;
  return isStated ? setting(spec, path, text) : adding(spec, outer, `${key}: ${text}`);
}

/** A name replaced by another wherever it stands as a word of its own, or behind its view's name (`view__feature`). */
export const everywhere =
  (name: string, other: string): Edit =>
  (files) =>
    new Map(
      [...files].map(([path, text]) => [
        path,
        text.replace(new RegExp(`(?<![A-Za-z0-9-])(?<!(?<!_)_)${name}(?![\\w-])`, 'g'), other),
      ]),
    );

export const deleting =
  (...paths: string[]): Edit =>
  (files) =>
    new Map([...files].filter(([path]) => !paths.includes(path)));

export const putting =
  (path: string, text: string): Edit =>
  (files) =>
    new Map(files).set(path, text);

export function pull(
  world: World,
  kind: string,
  what: string,
  edits: Edit | readonly Edit[],
  expected: Expected | Expected[],
  radius: Names | null = null,
): Pull {
  return {
    kind,
    what: `${kind}: ${what}`,
    files: [edits].flat().reduce<Files>((files, edit) => edit(files), world.files),
    expected: [expected].flat(),
    radius,
  };
}

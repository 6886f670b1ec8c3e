/** Lifts specs of older versions of the language to this one. No I/O. */
import { parseSpec } from '../source/parse.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import type { SourceFile } from '../source/read.ts';
import { FORMAT, formatOf, migrations } from './migrations.ts';

export interface Migrated {
  /** New texts of the files that were lifted. */
  texts: Map<string, string>;
  /** What was done, in order. */
  done: { path: string; says: string }[];
  /** Why nothing can be lifted; then nothing was. */
  refused: string | null;
}

const MARK = '\ufeff';
/** More steps than any spec needs; a migration that never ends is a bug. */
const MOST_STEPS = 1000;

export function migrate(files: readonly SourceFile[]): Migrated {
  const result: Migrated = { texts: new Map(), done: [], refused: null };
  for (const file of files) {
    const { spec } = parseSpec(file);
    if (!spec?.sound) continue;
    const format = formatOf(spec);
    if (file.path === 'platform.yaml' && typeof format === 'number' && format > FORMAT)
      return { texts: new Map(), done: [], refused: newer(format) };
    lift(file, spec, result);
  }
  return result;
}

const newer = (format: number): string =>
  `platform.yaml has format ${format}, and this compiler reads format ${FORMAT}: a newer one wrote it. ` +
  'Install that one (`npm install` takes what package.json pins); nothing was changed.';

function lift(file: SourceFile, first: ParsedSpec, { texts, done }: Migrated): void {
  let spec = first;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const next = nextOf(spec);
    if (!next) return;
    const parsed = parseSpec({ ...file, bytes: Buffer.from(next.text) }).spec;
    // A spec that could not be read afterwards is better left to its author.
    if (!parsed?.sound) return;
    spec = parsed;
    texts.set(file.path, isMarked(file) ? `${MARK}${next.text}` : next.text);
    done.push({ path: file.path, says: next.says });
  }
  throw new Error(`${file.path}: its migration does not end`);
}

function nextOf(spec: ParsedSpec): { text: string; says: string } | null {
  const kind = (spec.value as { kind?: unknown } | null)?.kind;
  for (const migration of migrations.filter((each) => each.kind === kind)) {
    const text = migration.lift(spec);
    if (text !== null) return { text, says: migration.says };
  }
  return null;
}

const isMarked = ({ bytes }: SourceFile): boolean => bytes.subarray(0, 3).join() === '239,187,191';

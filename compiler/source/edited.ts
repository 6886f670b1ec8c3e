import type { Fix } from '../diagnostics/diagnostic.ts';
import { type Applied, applyFixes } from '../diagnostics/fix.ts';
import type { SourceFile, Sources } from './read.ts';

export interface Edited extends Applied {
  sources: Sources;
}

/** Sources with fixes applied to specs and code; a file that begins with a byte-order mark keeps it. */
export function edited(sources: Sources, fixes: readonly Fix[]): Edited {
  const specs = new Map(sources.specs.map((each) => [each.path, each]));
  const decoded = new Map<string, string | undefined>();
  const applied = applyFixes(fixes, (file) => {
    if (!decoded.has(file)) decoded.set(file, textOf(specs.get(file)) ?? sources.code.get(file));
    return decoded.get(file);
  });
  const texts = new Map(
    [...applied.texts].map(([file, text]) => [file, isMarked(specs.get(file)) ? `\ufeff${text}` : text]),
  );
  const changed = {
    ...sources,
    specs: sources.specs.map((each) => {
      const text = texts.get(each.path);
      return text === undefined ? each : { ...each, bytes: Buffer.from(text) };
    }),
    code: new Map([...sources.code].map(([path, text]) => [path, texts.get(path) ?? text])),
  };
  return { texts, fixes: applied.fixes, sources: changed };
}

/** Positions count from behind the mark, which the decoder takes off. */
const textOf = (file: SourceFile | undefined): string | undefined =>
  file && !file.refused ? new TextDecoder('utf-8').decode(file.bytes) : undefined;

const isMarked = (file: SourceFile | undefined): boolean => file?.bytes.subarray(0, 3).join() === '239,187,191';

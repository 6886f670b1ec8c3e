/** Applies the safe fixes of findings, and keeps those that the compiler itself finds good. No I/O. */
import { type Analysis, analyse } from './compile.ts';
import type { Finding } from './diagnostics/diagnostic.ts';
import { edited } from './source/edited.ts';
import type { Sources } from './source/read.ts';

export interface Mended {
  /** The findings that are no more, in the order of their fixing. */
  fixed: Finding[];
  /** New texts of the changed files. */
  texts: Map<string, string>;
  /** Of the mended sources. */
  analysis: Analysis;
}

/** A mended mistake may uncover another one; this many times is enough for what people write. */
const ROUNDS = 10;

export function mend(sources: Sources, today?: string): Mended {
  let current = sources;
  let analysis = analyse(current, today);
  const mended: Mended = { fixed: [], texts: new Map(), analysis };
  const refused = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const findings = analysis.findings.filter((each) => each.fix?.safe && !refused.has(identity(each)));
    if (findings.length === 0) break;
    const next = step(current, findings, today);
    // A fix that leaves its finding behind is not one.
    const left = new Set(next.analysis.findings.map(identity));
    const isGood = (each: Finding): boolean => !left.has(identity(each)) && !next.skipped.has(each);
    const good = findings.filter(isGood);
    for (const each of findings) if (!isGood(each)) refused.add(identity(each));
    const kept = good.length === findings.length ? next : step(current, good, today);
    for (const each of good) refused.add(identity(each));
    mended.fixed.push(...good);
    for (const [file, text] of kept.texts) mended.texts.set(file, text);
    // What only clashed with another fix has its turn in the next round.
    for (const each of next.skipped) refused.delete(identity(each));
    current = kept.sources;
    analysis = kept.analysis;
    if (good.length === 0) break;
  }
  return { ...mended, analysis };
}

const identity = ({ code, at, message }: Finding): string => JSON.stringify([code, at.file, at.path, message]);

function step(sources: Sources, findings: readonly Finding[], today: string | undefined) {
  const wanted = findings.flatMap(({ fix }) => (fix ? [fix] : []));
  const { sources: changed, texts, fixes } = edited(sources, wanted);
  const applied = new Set(fixes);
  return {
    sources: changed,
    texts,
    analysis: analyse(changed, today),
    skipped: new Set(findings.filter(({ fix }) => fix && !applied.has(fix))),
  };
}

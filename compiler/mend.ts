/** Applies the safe fixes of findings, and keeps those that the whole compiler finds good afterwards. No I/O. */
import { type Analysis, analyse } from './compile.ts';
import type { Finding } from './diagnostics/diagnostic.ts';
import { lineStarts } from './diagnostics/lines.ts';
import { edited } from './source/edited.ts';
import type { Sources } from './source/read.ts';

export interface Mended {
  /** The findings that are no more, in the order of their fixing. */
  fixed: Finding[];
  /** New texts of the changed files. */
  texts: Map<string, string>;
  /** Of the mended sources. */
  analysis: Analysis;
  /** How often the whole repository was analysed for it. */
  analyses: number;
}

/** A mended mistake may uncover another one; this many times is enough for what people write. */
const ROUNDS = 10;
/** Fixes that turn out bad cost a few analyses each; a repository full of them gets no more than these. */
const MOST_ANALYSES = 100;

export function mend(sources: Sources, today?: string): Mended {
  const mending = new Mending(sources, today);
  const refused = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const findings = mending.analysis.findings.filter((each) => each.fix?.safe && !refused.has(identity(each)));
    if (findings.length === 0) break;
    const before = mending.fixed.length;
    const skipped = new Set(mending.apply(findings));
    // What only clashed with another fix has its turn in the next round.
    for (const each of findings) if (!skipped.has(each)) refused.add(identity(each));
    if (mending.fixed.length === before) break;
  }
  const { fixed, texts, analysis, analyses } = mending;
  return { fixed, texts, analysis, analyses };
}

const identity = ({ code, at, message }: Finding): string => JSON.stringify([code, at.file, at.path, message]);

class Mending {
  readonly fixed: Finding[] = [];
  readonly texts = new Map<string, string>();
  analysis: Analysis;
  analyses = 1;
  #sources: Sources;
  readonly #today: string | undefined;

  constructor(sources: Sources, today: string | undefined) {
    this.#sources = sources;
    this.#today = today;
    this.analysis = analyse(sources, today);
  }

  /** Keeps the fixes if they are good together, and else each half as far as it is. Returns those that clash. */
  apply(findings: readonly Finding[]): Finding[] {
    if (this.analyses >= MOST_ANALYSES) return [];
    const { sources, texts, fixes } = edited(
      this.#sources,
      findings.flatMap(({ fix }) => fix ?? []),
    );
    const applied = new Set(fixes);
    const skipped = findings.filter(({ fix }) => fix && !applied.has(fix));
    const tried = findings.filter((each) => !skipped.includes(each));
    this.analyses += 1;
    const after = analyse(sources, this.#today);
    if (isBetter(this.analysis, after, tried)) {
      this.fixed.push(...tried);
      for (const [file, text] of texts) this.texts.set(file, text);
      this.#sources = sources;
      this.analysis = after;
      return skipped;
    }
    if (tried.length === 1) return skipped;
    const middle = Math.ceil(tried.length / 2);
    return [...skipped, ...this.#still(tried.slice(0, middle)), ...this.#still(tried.slice(middle))];
  }

  /** Of those that are still found: other fixes may have moved them. */
  #still(findings: readonly Finding[]): Finding[] {
    const wanted = new Set(findings.map(identity));
    const still = this.analysis.findings.filter((each) => each.fix?.safe && wanted.has(identity(each)));
    return still.length === 0 ? [] : this.apply(still);
  }
}

/** Whether the mended findings are gone and no other has come. */
function isBetter(before: Analysis, after: Analysis, mended: readonly Finding[]): boolean {
  const left = new Set(after.findings.map(identity));
  if (mended.some((each) => left.has(identity(each)))) return false;
  const known = new Set(before.findings.map(identity));
  const added = after.findings.filter((each) => !known.has(identity(each)));
  // While a spec could not be used, nothing was checked that needs it: that is found now, and was wrong before.
  return isWhole(before) ? added.length === 0 : !added.some((each) => isWritten(each, mended, after));
}

const isWhole = ({ graph }: Analysis): boolean => graph !== null && graph.broken.size === 0;

/** Whether a finding points at what a fix has written, or is of a file that can be parsed no more. */
function isWritten({ code, at }: Finding, mended: readonly Finding[], { texts }: Analysis): boolean {
  const isOfYaml = (each: string): boolean => each.startsWith('YML');
  if (isOfYaml(code) && !mended.some((each) => isOfYaml(each.code))) return true;
  const text = texts.get(at.file) ?? '';
  const starts = lineStarts(text);
  const offset = (line: number, column: number): number => (starts[line - 1] ?? 0) + column - 1;
  const shown = text.slice(offset(at.line, at.column), offset(at.endLine, at.endColumn));
  const edits = mended.flatMap(({ fix }) => fix?.edits ?? []);
  return edits.some(({ at: { file }, to }) => file === at.file && to !== '' && shown.includes(to));
}

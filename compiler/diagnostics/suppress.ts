import { type Catalog, defineCodes, isSuppressible } from './codes.ts';
import { type Finding, hasErrors, type Place } from './diagnostic.ts';
import { spelling } from './nearest.ts';

export const { codes, finding } = defineCodes({
  SUP001: {
    severity: 'error',
    title: 'A suppression comment that has no effect',
    why: 'Whoever wrote it believes that the finding is dealt with.',
    example: '# mlops: ignore FEA015',
    fix: 'Write `# mlops: ignore CODE until YYYY-MM-DD because …` at the end of the line, or above it.',
  },
  SUP002: {
    severity: 'warning',
    title: 'A suppression comment that is no longer needed',
    why: 'The finding is gone, and the comment would hide the next one.',
    example: '# mlops: ignore FEA015 until 2027-03-31 because … above a feature that is used',
    fix: 'Remove the comment.',
  },
  SUP003: {
    severity: 'error',
    title: 'A suppression of a finding that cannot be suppressed',
    why: 'The compiled output would not work.',
    example: '# mlops: ignore FEA001 until 2027-03-31 because …',
    fix: 'Fix the finding, and remove the comment.',
  },
});

/** A suppression comment, as `source/suppressions.ts` reads it. */
export interface Suppression {
  /** Codes, or names of policy rules. */
  targets: string[];
  /** Last day on which it applies, as YYYY-MM-DD. */
  until: string;
  reason: string;
  /** Of the comment. */
  at: Place;
  /** The line that it applies to. */
  line: number;
}

/** A comment that is meant as one but cannot be used. */
export interface Unusable {
  at: Place;
  problem: string;
}

export interface Suppressed {
  finding: Finding;
  by: { until: string; reason: string; at: Place };
}

export interface Result {
  findings: Finding[];
  suppressed: Suppressed[];
}

interface Known {
  catalog: Catalog;
  /** Names of the organisation's rules. */
  rules: readonly string[];
  /** As YYYY-MM-DD. */
  today: string;
}

/** Removes what comments suppress, until their day; mistakes in the comments are findings, too. */
export function suppress(
  findings: readonly Finding[],
  stated: readonly (Suppression | Unusable)[],
  known: Known,
): Result {
  if (stated.length === 0) return { findings: [...findings], suppressed: [] };
  const usable = stated.filter((each): each is Suppression => !('problem' in each));
  const own = stated.flatMap((each) => ('problem' in each ? [malformed(each)] : wrongTargets(each, known)));
  const commentOn = commentFinder(usable);
  const used = new Set<string>();
  const suppressed: Suppressed[] = [];
  const left = findings.flatMap((each): Finding[] => {
    const by = commentOn(each);
    if (!by) return [each];
    used.add(keyOf(by, nameOf(each)));
    if (each.severity !== 'warning' && !known.catalog[each.code]?.judgement) return [each];
    if (known.today > by.until) return [overdue(each, by)];
    suppressed.push({ finding: each, by: { until: by.until, reason: by.reason, at: by.at } });
    return [];
  });
  // Where there are errors, some checks did not run.
  const complete = !hasErrors(left) && own.length === 0;
  const idle = complete ? usable.flatMap((each) => idleTargets(each, used, known)) : [];
  return { findings: [...left, ...own, ...idle], suppressed };
}

/** What a comment calls a finding. */
const nameOf = ({ rule, code }: Finding): string => rule ?? code;

const keyOf = ({ at }: Suppression, target: string): string => JSON.stringify([at, target]);

function commentFinder(comments: readonly Suppression[]): (finding: Finding) => Suppression | undefined {
  const byLine = new Map<string, Suppression[]>();
  for (const each of comments) {
    const line = `${each.line} ${each.at.file}`;
    byLine.set(line, [...(byLine.get(line) ?? []), each]);
  }
  return (each) => byLine.get(`${each.at.line} ${each.at.file}`)?.find(({ targets }) => targets.includes(nameOf(each)));
}

const overdue = (each: Finding, { until, reason, at }: Suppression): Finding => ({
  ...each,
  related: [...each.related, { message: `it was suppressed until ${until}: ${reason}`, at }],
});

function idleTargets(comment: Suppression, used: ReadonlySet<string>, known: Known): Finding[] {
  const names = comment.targets.filter((target) => !used.has(keyOf(comment, target)) && isKnown(target, known));
  if (names.length === 0) return [];
  return [
    finding('SUP002', comment.at, `There is no ${names.join(' and no ')} here to suppress.`, {
      help: 'remove the comment',
    }),
  ];
}

const isKnown = (target: string, { catalog, rules }: Known): boolean =>
  Object.hasOwn(catalog, target) || rules.includes(target);

const malformed = ({ at, problem }: Unusable): Finding =>
  finding('SUP001', at, `This comment suppresses nothing: ${problem}.`, {
    help: 'write `# mlops: ignore CODE until YYYY-MM-DD because …`',
  });

function wrongTargets({ targets, at }: Suppression, known: Known): Finding[] {
  const names = [...Object.keys(known.catalog), ...known.rules];
  return targets.flatMap((target) => {
    if (!isKnown(target, known))
      return [finding('SUP001', at, `There is no code or policy rule '${target}'.`, spelling(target, names))];
    const entry = known.catalog[target];
    if (known.rules.includes(target) || !entry || isSuppressible(entry)) return [];
    return [
      finding('SUP003', at, `${target} cannot be suppressed: the compiled output would not work.`, {
        help: 'fix the finding, and remove the comment',
      }),
    ];
  });
}

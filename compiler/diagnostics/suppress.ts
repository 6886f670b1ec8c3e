import { type Code, catalog } from './catalog.ts';
import { type Finding, finding, hasErrors, type Place } from './diagnostic.ts';
import { spelling } from './nearest.ts';

/** What a comment says, as `source/suppressions.ts` reads it. */
export interface Suppression {
  /** Codes, or names of policy rules. */
  targets: string[];
  /** Last day that it counts, as YYYY-MM-DD. */
  until: string;
  reason: string;
  /** Of the comment. */
  at: Place;
  /** The line that it is about. */
  line: number;
}

/** A comment that means to be one and cannot be used. */
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

/** Takes out what comments suppress, up to their day; the comments' own mistakes are findings. */
export function suppress(
  findings: readonly Finding[],
  stated: readonly (Suppression | Unusable)[],
  rules: readonly string[],
  today: string,
): Result {
  if (stated.length === 0) return { findings: [...findings], suppressed: [] };
  const usable = stated.filter((each): each is Suppression => !('problem' in each));
  const own = stated.flatMap((each) => ('problem' in each ? [malformed(each)] : wrongTargets(each, rules)));
  const used = new Set<string>();
  const suppressed: Suppressed[] = [];
  const left = findings.flatMap((each): Finding[] => {
    const name = each.rule ?? each.code;
    const by = usable.find(
      ({ at, line, targets }) => at.file === each.at.file && line === each.at.line && targets.includes(name),
    );
    if (!by) return [each];
    used.add(JSON.stringify([by.at, name]));
    if (!isSuppressible(each)) return [each];
    if (today > by.until)
      return [
        {
          ...each,
          related: [...each.related, { message: `it was suppressed until ${by.until}: ${by.reason}`, at: by.at }],
        },
      ];
    suppressed.push({ finding: each, by: { until: by.until, reason: by.reason, at: by.at } });
    return [];
  });
  // Where there are errors, some checks have not run.
  const complete = !hasErrors(left) && own.length === 0;
  const idle = usable.flatMap((each) => {
    if (!complete) return [];
    const names = each.targets.filter(
      (target) => !used.has(JSON.stringify([each.at, target])) && isKnown(target, rules),
    );
    return names.length === 0
      ? []
      : [
          finding('SUP002', each.at, `There is no ${names.join(' and no ')} here to ignore.`, {
            help: 'remove the comment',
          }),
        ];
  });
  return { findings: [...left, ...own, ...idle], suppressed };
}

const isSuppressible = ({ severity, code }: Finding): boolean => severity === 'warning' || catalog[code].judgement;

const isKnown = (target: string, rules: readonly string[]): boolean =>
  Object.hasOwn(catalog, target) || rules.includes(target);

const malformed = ({ at, problem }: Unusable): Finding =>
  finding('SUP001', at, `This comment suppresses nothing: ${problem}.`, {
    help: 'write `# mlops: ignore CODE until YYYY-MM-DD because …`',
  });

function wrongTargets({ targets, at }: Suppression, rules: readonly string[]): Finding[] {
  return targets.flatMap((target) => {
    if (!isKnown(target, rules))
      return [
        finding(
          'SUP001',
          at,
          `There is no code and no policy rule '${target}'.`,
          spelling(target, [...Object.keys(catalog), ...rules]),
        ),
      ];
    if (rules.includes(target)) return [];
    const { severity, judgement } = catalog[target as Code];
    return severity === 'warning' || judgement
      ? []
      : [
          finding('SUP003', at, `${target} cannot be suppressed: what would be emitted does not work.`, {
            help: 'mend the finding, and remove the comment',
          }),
        ];
  });
}

/** The order of the stages. No I/O: sources in; files, IR and findings out. */
import { type Finding, hasErrors, tidy } from './diagnostics/diagnostic.ts';
import { lower } from './ir/lower.ts';
import type { Ir } from './ir/types.ts';
import { link } from './link/link.ts';
import { parseAll } from './source/parse.ts';
import type { Sources } from './source/read.ts';
import { kindsAt } from './spec-schema/kinds.ts';
import { validateAll } from './spec-schema/validate.ts';
import { targets } from './targets/registry.ts';
import type { Artifact } from './targets/target.ts';

export interface Analysis {
  /** Null where there are errors. */
  ir: Ir | null;
  findings: Finding[];
  /** Text of each file that a finding may point into, for excerpts. */
  texts: Map<string, string>;
}

export function analyse(sources: Sources): Analysis {
  const parsed = parseAll(sources.specs);
  const validated = validateAll(parsed.specs);
  const read = new Set(parsed.specs.map(({ path }) => path));
  const unreadable = sources.specs.map(({ path }) => path).filter((path) => !read.has(path));
  const linked = link({ specs: validated.specs, unreadable, code: sources.code, locks: sources.locks });
  // Other YAML files beside specs are the team's own business, whatever they hold.
  const ofSpecs = parsed.findings.filter(({ at }) => kindsAt(at.file).length > 0 || !/\.ya?ml$/i.test(at.file));
  const findings = tidy([...ofSpecs, ...validated.findings, ...linked.findings]);
  const texts = new Map([...sources.code, ...parsed.specs.map(({ path, text }) => [path, text] as const)]);
  return { ir: hasErrors(findings) || !linked.graph ? null : lower(linked.graph), findings, texts };
}

export function emit(ir: Ir): Artifact[] {
  return targets.flatMap((target) => [
    ...target.emitCommon(ir),
    ...ir.environments.flatMap((environment) => target.emitEnvironment(ir, environment)),
  ]);
}

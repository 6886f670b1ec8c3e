/** Steps that a team writes to look at data: they read a table and write none. */
import type { PipelineSpec } from '../spec-schema/generated/types.ts';
import { type StepSpec, writesOf } from './steps.ts';

/**
 * The steps of the pipeline that look at one of the tables and do not wait for `materialize`: nothing comes online
 * before they have succeeded.
 */
export function checksOf(
  tables: readonly string[],
  materialize: string,
  pipeline: PipelineSpec,
  needs: ReadonlyMap<string, readonly string[]>,
): string[] {
  if (tables.length === 0) return [];
  const looking = Object.entries(pipeline.steps).flatMap(([name, step]) => (looksAt(step, tables) ? [name] : []));
  if (looking.length === 0) return [];
  const later = waitingFor(materialize, needs);
  return looking.filter((name) => !later.has(name));
}

const looksAt = (step: StepSpec, tables: readonly string[]): boolean =>
  step.run !== undefined && writesOf(step).length === 0 && (step.reads ?? []).some((table) => tables.includes(table));

/** A step, and all that wait for it. */
function waitingFor(step: string, needs: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const neededBy = new Map<string, string[]>();
  for (const [name, needed] of needs)
    for (const each of needed) {
      const others = neededBy.get(each);
      if (others) others.push(name);
      else neededBy.set(each, [name]);
    }
  const found = new Set([step]);
  for (const each of found) for (const name of neededBy.get(each) ?? []) found.add(name);
  return found;
}

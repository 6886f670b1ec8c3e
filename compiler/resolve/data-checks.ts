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
  return Object.entries(pipeline.steps)
    .filter(([name, step]) => looksAt(step, tables) && !waitsFor(name, materialize, needs))
    .map(([name]) => name);
}

const looksAt = (step: StepSpec, tables: readonly string[]): boolean =>
  step.run !== undefined && writesOf(step).length === 0 && (step.reads ?? []).some((table) => tables.includes(table));

function waitsFor(step: string, other: string, needs: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const queue = [step];
  for (const name of queue) {
    if (name === other) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    queue.push(...(needs.get(name) ?? []));
  }
  return false;
}

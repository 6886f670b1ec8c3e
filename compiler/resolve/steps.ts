/** What written steps say: what they write, and which others they wait for. */
import type { PipelineSpec } from '../spec-schema/generated/types.ts';

export type StepSpec = PipelineSpec['steps'][string];

export const writesOf = (step: StepSpec): string[] =>
  Array.isArray(step.writes) ? step.writes : Object.keys(step.writes ?? {});

const known = new WeakMap<PipelineSpec, Map<string, string[]>>();

/**
 * Step → the steps of its pipeline that it waits for: those it names, and the writers of the tables
 * it reads. A table that it both reads and writes (an append to its own history) adds no arrow.
 */
export function needsOf(pipeline: PipelineSpec): ReadonlyMap<string, readonly string[]> {
  const needs = known.get(pipeline) ?? collectNeeds(pipeline);
  known.set(pipeline, needs);
  return needs;
}

function collectNeeds(pipeline: PipelineSpec): Map<string, string[]> {
  const writers = new Map<string, string>();
  for (const [name, step] of Object.entries(pipeline.steps))
    for (const table of writesOf(step)) writers.set(table, name);
  return new Map(
    Object.entries(pipeline.steps).map(([name, step]) => {
      const fromReads = (step.reads ?? [])
        .flatMap((table) => writers.get(table) ?? [])
        .filter((writer) => writer !== name);
      return [name, [...new Set([...[step.needs ?? []].flat(), ...fromReads])].sort()];
    }),
  );
}

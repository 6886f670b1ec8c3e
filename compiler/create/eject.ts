/** A model's own training or scoring as a pipeline.yaml that says the same, for a team to change. */

import { nearest } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import type { Pipeline, Schedule, Step } from '../ir/types.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import { folderOf, lines, schemaLine, yaml } from './text.ts';
import type { Files, Wanted } from './wanted.ts';

export interface Ejected {
  files: Files;
  /** What the written one cannot say, as sentences. */
  differs: string[];
}

export function eject(wanted: Wanted, graph: ResolvedGraph): Ejected {
  const derived = graph.derived.map(({ pipeline }) => pipeline);
  const found = derived.find(({ name }) => name === wanted.name);
  if (!found) throw new OperationError(notDerived(wanted.name, derived, graph));
  const path = `${folderOf('pipelines', wanted)}/${found.name}/pipeline.yaml`;
  const { schedule, champion } = scheduleOf(found.schedule);
  const text = lines(
    schemaLine(path, 'pipeline', graph),
    'kind: Pipeline',
    `description: ${found.description}`,
    `owner: ${yaml(found.owner)}`,
    schedule,
    `tags: [${found.tags.map(yaml).join(', ')}]`,
    'steps:',
    ...found.steps.flatMap((step) => stepLines(step)),
  );
  return { files: new Map([[path, text]]), differs: champion };
}

function scheduleOf(schedule: Schedule): { schedule: string | null; champion: string[] } {
  if (schedule.kind === 'manual') return { schedule: null, champion: [] };
  if (schedule.kind === 'cron')
    return {
      schedule: `schedule: {cron: ${JSON.stringify(schedule.cron)}, timezone: ${JSON.stringify(schedule.timezone)}}`,
      champion: [],
    };
  const [tables = [], ...others] = schedule.anyOf;
  const names = tables.map(({ name }) => name);
  return {
    schedule: `schedule: {after: [${names.map(yaml).join(', ')}]}`,
    champion: others.length > 0 ? ['it runs when its tables were updated, and no more for a new champion alone'] : [],
  };
}

function stepLines({ name, description, run, needs, retries, timeoutSeconds }: Step): string[] {
  if (run.kind !== 'platform' || run.uses === 'materialize') return [];
  return [
    `  ${name}:`,
    `    uses: ${run.uses}`,
    `    model: ${yaml(run.with.model)}`,
    `    description: ${description}`,
    ...(needs.length > 0 ? [`    needs: [${needs.join(', ')}]`] : []),
    `    retries: ${retries}`,
    `    timeout: ${durationOf(timeoutSeconds)}`,
  ];
}

const durationOf = (seconds: number): string => {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
};

function notDerived(name: string, derived: readonly Pipeline[], graph: ResolvedGraph): string {
  if (graph.pipelines.has(name)) return `'${name}' is written already, in ${graph.pipelines.get(name)?.spec.path}.`;
  const names = derived.map((each) => each.name).sort();
  const near = nearest(name, names);
  const which = near ? `did you mean '${near}'?` : `there are ${names.join(', ')}.`;
  return names.length === 0
    ? 'No model has a pipeline of its own here: there is no model yet, or all of their pipelines are written.'
    : `'${printable(name)}' is no pipeline that follows from a model; ${which}`;
}

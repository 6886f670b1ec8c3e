import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Pipeline, Step } from '../ir/types.ts';
import { tableOf, valueAt } from '../link/declared.ts';
import { type Clock, meets } from '../resolve/cron/meeting.ts';
import { isRefused, readCron } from '../resolve/cron/read.ts';
import { timezoneProblem } from '../resolve/cron/zone-problem.ts';
import { readTables } from '../resolve/derived.ts';
import type { ResolvedGraph, ResolvedPipeline } from '../resolve/resolve.ts';
import { endsOf } from '../resolve/rhythm.ts';
import { spoken } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PIP009: {
    severity: 'error',
    judgement: true,
    title: 'A pipeline starts before its data is ready',
    why: 'It reads outdated data, or an incomplete update.',
    example: 'train.schedule at the same minute as the pipeline that writes its tables',
    fix: 'Let it follow: `schedule: {after: [TABLE]}`.',
  },
});

/** Whoever reads a table by the clock (training, scoring, another pipeline) starts after its writer has ended. */
export const races: Check = {
  codes,
  run: (graph) => [...graph.resolved.values()].flatMap((reader) => tooEarly(graph, reader)),
};

/** The first table is enough: the schedule is what has to change. */
function tooEarly(graph: ResolvedGraph, reader: ResolvedPipeline): Finding[] {
  const reading = clockOf(reader.pipeline);
  if (!reading) return [];
  for (const table of tablesRead(graph, reader.pipeline)) {
    const write = graph.tables.get(table)?.writes[0];
    const writer = write && graph.resolved.get(write.pipeline);
    const writing = writer && writer !== reader ? clockOf(writer.pipeline) : null;
    if (!write || !writer || !writing) continue;
    const takes = Math.ceil((endsOf(writer.pipeline).get(write.step) ?? 0) / 60);
    if (meets(reading, writing, takes)) return [race(reader, writer, table, takes)];
  }
  return [];
}

function race(reader: ResolvedPipeline, writer: ResolvedPipeline, table: string, takes: number): Finding {
  const { name, derivedFrom } = reader.pipeline;
  const starting = derivedFrom
    ? `${derivedFrom.purpose === 'train' ? 'Training' : 'Scoring'} of ${derivedFrom.model}`
    : `Pipeline ${name}`;
  return finding(
    'PIP009',
    valueAt(reader.declared, ...reader.path, 'schedule', 'cron'),
    `${starting} starts while pipeline ${writer.pipeline.name} may still be writing table ${table}, ` +
      `which takes up to ${spoken(takes * 60)}.`,
    {
      help: `let it follow the table (\`schedule: {after: [${table}]}\`), or start it later`,
      related: [
        {
          message: `pipeline ${writer.pipeline.name} starts on this schedule`,
          at: valueAt(writer.declared, ...writer.path, 'schedule', 'cron'),
        },
      ],
    },
  );
}

function clockOf({ schedule }: Pipeline): Clock | null {
  if (schedule.kind !== 'cron' || timezoneProblem(schedule.timezone) !== null) return null;
  const cron = readCron(schedule.cron);
  return isRefused(cron) ? null : { cron, zone: schedule.timezone };
}

const tablesRead = (graph: ResolvedGraph, { steps }: Pipeline): Set<string> =>
  new Set(steps.flatMap((step) => [...step.reads, ...readByPlatform(graph, step)]));

/** Of a platform step that a team wrote down, its `uses` says what it reads. */
function readByPlatform(graph: ResolvedGraph, { run }: Step): string[] {
  if (run.kind !== 'platform') return [];
  if (run.uses === 'materialize')
    return run.with.views.flatMap((name) => {
      const view = graph.views.get(name);
      return view ? [tableOf(view)] : [];
    });
  const model = graph.models.get(run.with.model);
  const { batch } = model?.value.serving ?? {};
  if (model && run.uses === 'pull_features') return readTables(model.value.label.table, model, graph);
  return model && batch && run.uses === 'score' ? readTables(batch.entities, model, graph) : [];
}

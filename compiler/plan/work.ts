/** What has to run once a change is out, producers before consumers. */
import { parseAddress } from '../ir/address.ts';
import { named } from '../ir/look-up.ts';
import type { Ir, Pipeline } from '../ir/types.ts';
import { listed } from '../tools/change-rule.ts';
import { fittedOn } from './questions/consumers.ts';
import type { Facts, PlannedChange, Work } from './types.ts';

export function workOf(changes: readonly PlannedChange[], ir: Ir, facts: Facts): Work[] {
  return [...backfills(changes, ir, facts), ...trainings(changes, ir)];
}

/** Whether rows of the past no longer are what they would be today. */
const isOfHistory = ({ class: each, of, kind }: PlannedChange): boolean =>
  each === 'backfill' || (of === 'step' && each === 'retrain') || (of === 'table' && kind === 'renamed');

function backfills(changes: readonly PlannedChange[], ir: Ir, facts: Facts): Work[] {
  const wanted = new Map<string, { pipeline: Pipeline; tables: Set<string>; reasons: string[] }>();
  for (const change of changes.filter(isOfHistory))
    for (const table of tablesOf(change, ir)) {
      const pipeline = named(ir.pipelines, named(ir.tables, table)?.writer?.pipeline ?? '');
      if (!pipeline) continue;
      const all = wanted.get(pipeline.name) ?? { pipeline, tables: new Set(), reasons: [] };
      wanted.set(pipeline.name, all);
      all.tables.add(table);
      all.reasons.push(change.name);
    }
  return inOrder([...wanted.keys()], ir).map((name) => {
    const { pipeline, tables, reasons } = wanted.get(name) as NonNullable<ReturnType<typeof wanted.get>>;
    return fill(pipeline, [...tables].sort(), `history of ${listed(reasons)}`, facts);
  });
}

/** One run computes all of a table that it replaces; of others each interval since the start has its own. */
function fill(pipeline: Pipeline, tables: string[], reason: string, facts: Facts): Work {
  const { name: subject, start: from } = pipeline;
  const counted = tables.map((table) => facts.rows?.[table]);
  const rows = counted.every((each) => each !== undefined)
    ? { rows: counted.reduce((sum, each) => sum + each, 0) }
    : {};
  const whole = pipeline.steps
    .filter(({ writes }) => writes.some((table) => tables.includes(table)))
    .every(({ mode }) => mode === 'replace');
  return whole
    ? { kind: 'run', subject, tables, ...rows, reason, command: `mlops run ${subject}` }
    : {
        kind: 'backfill',
        subject,
        from,
        tables,
        ...rows,
        reason,
        command: `airflow backfill create --dag-id ${subject} --from-date ${from} --to-date TODAY`,
      };
}

/** The tables whose history a change is about. */
function tablesOf({ address, of }: PlannedChange, ir: Ir): string[] {
  const [outer, inner] = parseAddress(address) ?? [];
  if (outer?.kind === 'table') return [outer.name ?? ''];
  const view = outer?.kind === 'feature_view' ? named(ir.featureViews, outer.name ?? '') : undefined;
  if (view) return [view.batch.table];
  const pipeline = outer?.kind === 'pipeline' ? named(ir.pipelines, outer.name ?? '') : undefined;
  const steps = (pipeline?.steps ?? []).filter(({ name }) => of === 'pipeline' || name === inner?.name);
  return steps.flatMap(({ writes }) => writes);
}

/** A pipeline after those whose tables it reads. */
function inOrder(names: readonly string[], ir: Ir): string[] {
  const done: string[] = [];
  const visit = (name: string, open: readonly string[]): void => {
    if (done.includes(name) || open.includes(name)) return;
    const reads = named(ir.pipelines, name)?.steps.flatMap((step) => step.reads) ?? [];
    for (const table of reads) {
      const writer = named(ir.tables, table)?.writer?.pipeline;
      if (writer !== undefined && writer !== name) visit(writer, [...open, name]);
    }
    done.push(name);
  };
  for (const name of [...names].sort()) visit(name, []);
  return done.filter((name) => names.includes(name));
}

/** Models whose champion no longer is what the specs say, or that are fitted on values which change. */
function trainings(changes: readonly PlannedChange[], ir: Ir): Work[] {
  const reasons = new Map<string, Set<string>>();
  for (const change of changes.filter(({ class: each }) => each === 'backfill' || each === 'retrain')) {
    const [outer] = parseAddress(change.address) ?? [];
    const own = outer?.kind === 'model' && named(ir.models, outer.name ?? '') ? [outer.name ?? ''] : [];
    for (const model of [...own, ...fittedOn(tablesOf(change, ir), ir)])
      reasons.set(model, (reasons.get(model) ?? new Set()).add(change.name));
  }
  return [...reasons].sort().map(([subject, because]) => {
    const pipeline = trainingOf(subject, ir);
    return {
      kind: 'train',
      subject,
      reason: `because of ${listed([...because])}`,
      command: pipeline ? `mlops run ${pipeline}` : null,
    };
  });
}

const trainingOf = (model: string, ir: Ir): string | undefined =>
  ir.pipelines.find(({ steps }) =>
    steps.some(({ run }) => run.kind === 'platform' && run.uses === 'train' && run.with.model === model),
  )?.name;

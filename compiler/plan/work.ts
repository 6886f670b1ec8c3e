/** What has to run once a change is out, producers before consumers. */
import { parseAddress } from '../ir/address.ts';
import { named } from '../ir/look-up.ts';
import type { Ir, Pipeline } from '../ir/types.ts';
import { listed } from '../tools/change-rule.ts';
import { radiusOf } from './radius.ts';
import type { Facts, PlannedChange, Work } from './types.ts';

export function workOf(changes: readonly PlannedChange[], ir: Ir, facts: Facts): Work[] {
  return [...backfills(changes, ir, facts), ...trainings(changes, ir)];
}

function backfills(changes: readonly PlannedChange[], ir: Ir, facts: Facts): Work[] {
  const wanted = new Map<string, { pipeline: Pipeline; tables: Set<string>; reasons: string[] }>();
  for (const change of changes.filter((each) => each.class === 'backfill'))
    for (const table of tablesOf(change, ir)) {
      const pipeline = named(ir.pipelines, named(ir.tables, table)?.writer?.pipeline ?? '');
      if (!pipeline) continue;
      const all = wanted.get(pipeline.name) ?? { pipeline, tables: new Set(), reasons: [] };
      wanted.set(pipeline.name, all);
      all.tables.add(table);
      all.reasons.push(change.name);
    }
  const order = inOrder([...wanted.keys()], ir);
  return order.flatMap((name) => {
    const { pipeline, tables, reasons } = wanted.get(name) as NonNullable<ReturnType<typeof wanted.get>>;
    const counted = [...tables].map((table) => facts.rows?.[table]);
    const rows = counted.reduce<number>((sum, each) => sum + (each ?? 0), 0);
    return {
      kind: 'backfill',
      subject: name,
      from: pipeline.start,
      tables: [...tables].sort(),
      ...(counted.every((each) => each !== undefined) ? { rows } : {}),
      reason: `history of ${listed(reasons)}`,
      command: `mlops backfill ${name} --from ${pipeline.start}`,
    };
  });
}

/** The tables whose history a change is about. */
function tablesOf({ address, of }: PlannedChange, ir: Ir): string[] {
  const [outer, inner] = parseAddress(address) ?? [];
  if (outer?.kind === 'table') return [outer.name ?? ''];
  if (outer?.kind === 'feature_view') return named(ir.featureViews, outer.name ?? '')?.batch.table.split(' ') ?? [];
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
  const values = changes.filter(({ class: each }) => each === 'backfill' || each === 'retrain');
  const reached = radiusOf(values, null, ir).map(({ address, from }) => ({ address, because: from }));
  const reasons = new Map<string, Set<string>>();
  for (const { address, because } of [
    ...values.map((each) => ({ address: each.address, because: each.address })),
    ...reached,
  ]) {
    const [outer] = parseAddress(address) ?? [];
    if (outer?.kind !== 'model' || outer.name === undefined || !named(ir.models, outer.name)) continue;
    const change = values.find((each) => each.address === because);
    reasons.set(outer.name, (reasons.get(outer.name) ?? new Set()).add(change?.name ?? because));
  }
  return [...reasons].sort().map(([model, because]) => {
    const pipeline = trainingOf(model, ir);
    return {
      kind: 'train',
      subject: model,
      reason: `it is fitted on ${listed([...because])}`,
      command: pipeline ? `mlops run ${pipeline}` : null,
    };
  });
}

const trainingOf = (model: string, ir: Ir): string | undefined =>
  ir.pipelines.find(({ steps }) =>
    steps.some(({ run }) => run.kind === 'platform' && run.uses === 'train' && run.with.model === model),
  )?.name;

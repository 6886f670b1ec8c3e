/** Who uses what: questions that several rules ask of an IR. */
import { parseAddress } from '../../ir/address.ts';
import { named } from '../../ir/look-up.ts';
import type { Addressed, FeatureView, Ir } from '../../ir/types.ts';

const namesOf = (all: readonly { name: string }[]): string[] => all.map(({ name }) => name);

/** The models that have the feature among their inputs. */
export function modelsWith(feature: Addressed, ir: Ir): string[] {
  const [view, own] = parseAddress(feature.address) ?? [];
  return namesOf(
    ir.models.filter(({ features }) => features.some((each) => each.view === view?.name && each.feature === own?.name)),
  );
}

/** The models that use any feature of the view. */
export const modelsOf = (view: string, ir: Ir): string[] =>
  namesOf(ir.models.filter(({ features }) => features.some((each) => each.view === view)));

/** The views whose history the table is. */
export const viewsOf = (table: string, ir: Ir): FeatureView[] =>
  ir.featureViews.filter(({ batch }) => batch.table === table);

/** Whether the model has an API. */
export const isServed = (model: string, ir: Ir): boolean => named(ir.models, model)?.online != null;

/** What reads a table: steps, views, labels and batch scoring, as people call them. */
export function readersOf(table: string, ir: Ir): string[] {
  const steps = ir.pipelines.flatMap(({ name, steps }) =>
    steps.filter(({ reads }) => reads.includes(table)).map((step) => `${name}.${step.name}`),
  );
  const models = ir.models.filter(({ label, batch }) => label.table === table || batch?.entities === table);
  return [...steps, ...namesOf(viewsOf(table, ir)), ...namesOf(models)];
}

/** The models that are fitted on a table, or on what is computed from it. */
export function fittedOn(tables: readonly string[], ir: Ir): string[] {
  const reached = new Set(tables);
  for (const table of reached)
    for (const { steps } of ir.pipelines)
      for (const { reads, writes } of steps) if (reads.includes(table)) for (const each of writes) reached.add(each);
  const views = ir.featureViews.filter(({ batch }) => reached.has(batch.table)).map(({ name }) => name);
  return namesOf(
    ir.models.filter(
      ({ label, features }) => reached.has(label.table) || features.some(({ view }) => views.includes(view)),
    ),
  );
}

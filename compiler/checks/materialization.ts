import { type Finding, finding } from '../diagnostics/diagnostic.ts';
import { type Declared, keyAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Check } from './check.ts';

/** FEA018: what brings a view online comes again. */
export const materialization: Check = {
  run: (graph) =>
    [...graph.pipelines.values()]
      .filter(({ value }) => value.schedule === undefined)
      .flatMap((pipeline) => Object.entries(pipeline.value.steps).flatMap(([name]) => onceOnly(graph, pipeline, name))),
};

function onceOnly(graph: Graph, pipeline: Declared<'Pipeline'>, name: string): Finding[] {
  const step = pipeline.value.steps[name];
  if (step?.uses !== 'materialize') return [];
  const once = (step.views ?? []).filter((view) => {
    const declared = graph.views.get(view);
    return (
      declared !== undefined && declared.value.online !== false && !declared.value.stream && !isScheduled(graph, view)
    );
  });
  if (once.length === 0) return [];
  return [
    finding(
      'FEA018',
      keyAt(pipeline, 'steps', name),
      `Step ${name} brings ${once.join(', ')} online when somebody runs pipeline ${pipeline.name} by hand, and never again.`,
      {
        help: 'add `schedule: {after: [TABLE]}` with the table of the view, or leave the step out: then the pipeline that writes the table does it',
      },
    ),
  ];
}

const isScheduled = (graph: Graph, view: string): boolean =>
  [...graph.pipelines.values()].some(
    ({ value }) =>
      value.schedule !== undefined &&
      Object.values(value.steps).some(({ uses, views }) => uses === 'materialize' && views?.includes(view) === true),
  );

import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, keyAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  FEA018: {
    severity: 'error',
    title: 'A view is brought online once, and never again',
    why: 'Its values grow old, then count as missing, and the model is asked with nothing.',
    example: 'a pipeline without `schedule` with {uses: materialize, views: [clicks]}',
    fix: 'Give the pipeline a schedule that follows the table.',
  },
});

/** What brings a view online comes again. */
export const materialization: Check = {
  codes,
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

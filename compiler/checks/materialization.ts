import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Step } from '../ir/types.ts';
import { isOnline, keyAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { ResolvedPipeline } from '../resolve/resolve.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  FEA018: {
    severity: 'error',
    title: 'A view that is materialised once and never again',
    why: 'Its values expire, and the model is then served without them.',
    example: 'a pipeline without `schedule` with {uses: materialize, views: [clicks]}',
    fix: 'Give the pipeline a schedule that follows the table.',
  },
});

/** What materialises a view runs again. */
export const materialization: Check = {
  codes,
  run: (graph) => {
    const [byHand, scheduled] = [true, false].map((isManual) =>
      [...graph.resolved.values()].filter(({ pipeline }) => (pipeline.schedule.kind === 'manual') === isManual),
    ) as [ResolvedPipeline[], ResolvedPipeline[]];
    const again = new Set(scheduled.flatMap(({ pipeline }) => pipeline.steps.flatMap(viewsOf)));
    return byHand.flatMap((each) => onceOnly(graph, each, again));
  },
};

const viewsOf = ({ run }: Step): string[] =>
  run.kind === 'platform' && run.uses === 'materialize' ? run.with.views : [];

function onceOnly({ views }: Graph, { pipeline, declared }: ResolvedPipeline, again: ReadonlySet<string>): Finding[] {
  return pipeline.steps.flatMap((step) => {
    // A derived step follows from the pipeline, and only written steps are pointed at.
    if (!('steps' in declared.value) || !Object.hasOwn(declared.value.steps, step.name)) return [];
    const once = viewsOf(step).filter((name) => {
      const view = views.get(name);
      return view !== undefined && isOnline(view) && !view.value.stream && !again.has(name);
    });
    if (once.length === 0) return [];
    return [
      finding(
        'FEA018',
        keyAt(declared, 'steps', step.name),
        `Step ${step.name} materialises ${once.join(', ')} only when somebody runs pipeline ${pipeline.name} by hand.`,
        {
          help:
            'add `schedule: {after: [TABLE]}` with the table of the view, or remove the step: ' +
            'the pipeline that writes the table then materialises it',
        },
      ),
    ];
  });
}

/**
 * Where one group of assets or another starts a pipeline, each further group does it through a DAG of its own: with
 * the schedule `(a & b) | c`, an update of `a` would be forgotten as soon as `c` was updated.
 */

import { starterDags } from '../../ir/starter-dags.ts';
import type { Asset, Ir, Pipeline } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { loadTemplate } from '../../render/template.ts';
import { assetsExpression, startDate } from './schedule.ts';

const dagFile = loadTemplate(new URL('./templates/starter.py.hbs', import.meta.url));

export const starters = (pipeline: Pipeline, ir: Ir): Artifact[] =>
  starterDags(pipeline).map(({ dag, assets }) => starter(pipeline, dag, assets, ir));

function starter(pipeline: Pipeline, id: string, assets: readonly Asset[], ir: Ir): Artifact {
  const names = assets.map(({ name }) => name);
  const have = names.length > 1 ? 'have' : 'has';
  const description = `Starts ${pipeline.name} when ${names.join(', ')} ${have} changed.`;
  return {
    path: `common/airflow/dags/${id}.py`,
    content: dagFile({
      header: `Generated from ${pipeline.origin.file}; do not edit.`,
      documentation: `${description}\n\nA DAG of its own: ${pipeline.name} goes on waiting for its tables.`,
      dagId: id,
      description,
      schedule: assetsExpression(assets),
      start: startDate(pipeline, ir.platform.timezone),
      owner: pipeline.owner,
      tags: pipeline.tags,
      starts: pipeline.name,
    }),
    origin: pipeline.origin.file,
  };
}

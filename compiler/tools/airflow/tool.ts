import type { Ir, Pipeline, Step } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { imports } from '../../render/python-expression.ts';
import { loadTemplate } from '../../render/template.ts';
import type { Tool } from '../tool.ts';
import { dependencies } from './dependencies.ts';
import { documentation } from './documentation.ts';
import { live } from './live.ts';
import { scheduleExpression, startDate } from './schedule.ts';
import { starters } from './starters.ts';
import { airflowTask, taskVariables } from './task.ts';
import { workloads } from './workloads.ts';

const dagFile = loadTemplate(new URL('./templates/dag.py.hbs', import.meta.url));

/** Static DAG files: one per pipeline, and per further way to start it. To be imported they need Airflow alone. */
export const airflow = {
  name: 'airflow',
  emitCommon: (ir) => ir.pipelines.flatMap((pipeline) => [dagArtifact(pipeline, ir), ...starters(pipeline, ir)]),
  workloads,
  database: 'airflow',
  live,
  ports: { airflow: { title: 'Airflow', usual: 8080, embedded: true } },
  containers: () => ['airflow-db', 'airflow', 'airflow-scheduler', 'airflow-dag-processor'],
} satisfies Tool;

function dagArtifact(pipeline: Pipeline, ir: Ir): Artifact {
  return {
    path: `common/airflow/dags/${pipeline.name}.py`,
    content: dagFile(dagContext(pipeline, ir)),
    origin: pipeline.origin.file,
  };
}

const hasOutlets = ({ outlets }: Step): boolean => outlets.length > 0;
const isRetried = ({ retries }: Step): boolean => retries > 0;

function dagContext(pipeline: Pipeline, ir: Ir) {
  const variables = taskVariables(pipeline);
  return {
    header: `Generated from ${pipeline.origin.file}; do not edit.`,
    documentation: documentation(pipeline),
    sdk: imports([
      'DAG',
      ...(pipeline.schedule.kind === 'assets' || pipeline.steps.some(hasOutlets) ? ['Asset'] : []),
      ...(pipeline.schedule.kind === 'cron' ? ['CronDataIntervalTimetable'] : []),
      ...(pipeline.steps.some(isRetried) ? ['RetryDecision', 'RetryPolicy'] : []),
    ]),
    retries: pipeline.steps.some(isRetried),
    dagId: pipeline.name,
    description: pipeline.description,
    schedule: scheduleExpression(pipeline.schedule),
    start: startDate(pipeline, ir.platform.timezone),
    catchup: pipeline.catchup,
    owner: pipeline.owner,
    tags: pipeline.tags,
    tasks: pipeline.steps.map((step) => airflowTask(pipeline, step, variables)),
    dependencies: dependencies(pipeline.steps, variables),
  };
}

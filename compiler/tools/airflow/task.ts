import type { Pipeline, Step } from '../../ir/types.ts';
import { jinjaLiteral } from '../../render/jinja.ts';
import { identifierFor, list } from '../../render/python-expression.ts';
import { timedelta } from '../../render/python-timedelta.ts';
import { shellWord } from '../../render/shell.ts';
import { assetExpression } from './schedule.ts';

/** Step → the Python variable of its task; none hides what the file imports. */
export type TaskVariables = ReadonlyMap<string, string>;

export function taskVariables(pipeline: Pipeline): TaskVariables {
  const taken = new Set([
    ...['timedelta', 'pendulum', 'BashOperator', 'DAG', 'Asset', 'CronDataIntervalTimetable'],
    ...['RetryDecision', 'RetryPolicy', 'UnlessLasting'],
  ]);
  return new Map(pipeline.steps.map(({ name }) => [name, identifierFor(name, taken)]));
}

export function airflowTask(pipeline: Pipeline, step: Step, variables: TaskVariables) {
  return {
    variable: variables.get(step.name),
    id: step.name,
    doc: step.description || null,
    command: stepCommand(pipeline.name, step.name),
    retries: step.retries,
    retryDelay: step.retries > 0 ? timedelta(step.retryDelaySeconds) : null,
    timeout: timedelta(step.timeoutSeconds),
    outlets: step.outlets.length > 0 ? list(step.outlets.map(assetExpression)) : null,
  };
}

/** `exec`, so that the signal with which Airflow ends a task reaches Python and no shell in between. */
function stepCommand(pipeline: string, step: string): string {
  const [pipelineWord, stepWord] = [pipeline, step].map((word) => jinjaLiteral(shellWord(word)));
  return `exec "$MLOPS_PYTHON" -m mlops_runtime step ${pipelineWord} ${stepWord}`;
}

/** How a pipeline's last run ended, and when one last went well. */
import { monitor } from '../../../ir/metrics.ts';
import { starterDags } from '../../../ir/starter-dags.ts';
import type { Pipeline } from '../../../ir/types.ts';
import { type AlertRule, alertFile, duration, firesAndNot, number, type RuleFile, selector } from '../../rule.ts';
import { threshold } from '../../threshold.ts';
import { never } from './never.ts';

export function pipelineFile(pipeline: Pipeline): RuleFile {
  const { name, origin } = pipeline;
  // What starts a pipeline is watched like one: where it fails, nothing else does.
  const starters = starterDags(pipeline).map(({ dag }) => ({ name: dag, owner: pipeline.owner }));
  const dags = [pipeline, ...starters].flatMap((dag) => [failed(dag), notLoaded(dag)]);
  const alerts = [...dags, ...late(pipeline), ...neverRan(pipeline)];
  // A weekly schedule spans a fortnight of made-up minutes.
  return { ...alertFile(`pipeline_${name}`, `pipeline ${name}`, origin.file, alerts), testEveryMinutes: 5 };
}

type Dag = Pick<Pipeline, 'name' | 'owner'>;

function failed({ name, owner }: Dag): AlertRule {
  return threshold({
    alert: 'PipelineFailed',
    metric: monitor.pipelineResult.name,
    labels: { pipeline: name, result: 'failed' },
    sign: '>',
    limit: 0,
    forSeconds: 0,
    owner,
    subject: { pipeline: name },
    summary: `${name}: its last run failed`,
    description: 'Airflow shows which step failed, and its log.',
  });
}

/** A DAG that cannot be imported runs never, and fails never either. */
const notLoaded = ({ name, owner }: Dag): AlertRule => ({
  ...threshold({
    alert: 'PipelineNotLoaded',
    metric: monitor.pipelineLoaded.name,
    labels: { pipeline: name },
    sign: '<',
    limit: 1,
    forSeconds: 900,
    owner,
    subject: { pipeline: name },
    summary: `${name}: Airflow has not loaded its DAG`,
    description: 'It does not know it, cannot import its file, or has not found it for a while: nothing starts it.',
  }),
  explains: { alerts: ['PipelineLate', 'PipelineNeverSucceeded'], by: ['pipeline'] },
});

/** Twice the longest distance of two starts; null where no clock starts it. */
function patience({ schedule }: Pipeline): number | null {
  const gap = schedule.kind === 'cron' ? schedule.longestSeconds : null;
  return gap === null ? null : 2 * gap;
}

/** A monitor that has just been started measures nothing for a moment. */
const SHORTEST_NEVER = 900;

function neverRan(pipeline: Pipeline): AlertRule[] {
  const limit = patience(pipeline);
  if (limit === null) return [];
  const { name, owner } = pipeline;
  return [
    never({
      alert: 'PipelineNeverSucceeded',
      series: selector(monitor.pipelineSuccess.name, { pipeline: name }),
      measuredBy: 'pipelines',
      forSeconds: Math.max(limit, SHORTEST_NEVER),
      owner,
      subject: { pipeline: name },
      summary: `${name}: has never had a good run`,
      description: `Its schedule should have started one for ${duration(limit)}, and Airflow knows of none.`,
    }),
  ];
}

/** Only of a pipeline that a clock starts: nobody knows when tables will be updated. */
function late(pipeline: Pipeline): AlertRule[] {
  const limit = patience(pipeline);
  if (limit === null) return [];
  const { name, owner } = pipeline;
  const metric = selector(monitor.pipelineSuccess.name, { pipeline: name });
  const minutes = Math.ceil(limit / 60) + 20;
  return [
    {
      alert: 'PipelineLate',
      expr: `time() - ${metric} > ${number(limit)}`,
      forSeconds: 0,
      severity: 'ticket',
      owner,
      subject: { pipeline: name },
      summary: `${name}: no good run for ${duration(limit)}`,
      description: `Its schedule starts a run at least every ${duration(limit / 2)}.`,
      tests: firesAndNot(
        minutes,
        { name: `${name}: a late pipeline fires`, series: { [metric]: `0x${minutes}` } },
        { name: `${name}: a pipeline on time is quiet`, series: { [metric]: `0+60x${minutes}` } },
      ),
    },
  ];
}

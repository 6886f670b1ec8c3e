/** How a pipeline's last run ended, and when one last went well. */
import { monitor } from '../../../ir/metrics.ts';
import type { Pipeline } from '../../../ir/types.ts';
import { type AlertRule, alertFile, duration, firesAndNot, number, type RuleFile, selector } from '../../rule.ts';
import { threshold } from '../../threshold.ts';

export function pipelineFile(pipeline: Pipeline): RuleFile {
  const { name, origin } = pipeline;
  const alerts = [failed(pipeline), ...late(pipeline)];
  // A weekly schedule spans a fortnight of made-up minutes.
  return { ...alertFile(`pipeline_${name}`, `pipeline ${name}`, origin.file, alerts), testEveryMinutes: 5 };
}

function failed({ name, owner }: Pipeline): AlertRule {
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
    description:
      'Airflow shows which step failed, and its log. A candidate that the gate refused does not count as a failure.',
  });
}

/** Only of a pipeline that a clock starts: nobody knows when tables will be updated. */
function late({ name, owner, schedule }: Pipeline): AlertRule[] {
  const gap = schedule.kind === 'cron' ? schedule.longestSeconds : null;
  if (gap === null) return [];
  const limit = 2 * gap;
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
      description: `Its schedule starts a run at least every ${duration(gap)}.`,
      tests: firesAndNot(
        minutes,
        { name: `${name}: a late pipeline fires`, series: { [metric]: `0x${minutes}` } },
        { name: `${name}: a pipeline on time is quiet`, series: { [metric]: `0+60x${minutes}` } },
      ),
    },
  ];
}

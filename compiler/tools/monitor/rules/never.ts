/** What was never measured passes no limit: each age needs an alert for the series that is not there. */
import { monitor } from '../../../ir/metrics.ts';
import { type AlertRule, firesAndNot, selector } from '../../rule.ts';
import { MONITOR_STUCK } from '../../threshold.ts';

interface Never extends Pick<AlertRule, 'alert' | 'owner' | 'subject' | 'summary' | 'description' | 'forSeconds'> {
  /** A series that is there once what it measures has happened. */
  series: string;
  /** Which of the monitors measures it. */
  measuredBy: 'views' | 'pipelines';
}

/** An alert on a series that the monitor, which works, has never had. Without the monitor others fire. */
export function never({ series, measuredBy, ...rest }: Never): AlertRule {
  const measured = selector(monitor.lastSuccess.name, { monitor: measuredBy });
  const minutes = Math.ceil(rest.forSeconds / 60) + 30;
  const name = `${Object.values(rest.subject).join(' ')}: ${rest.alert}`;
  const working = { [measured]: `0+60x${minutes}` };
  return {
    ...rest,
    expr: `absent(${series}) and on () time() - ${measured} < ${MONITOR_STUCK}`,
    severity: 'ticket',
    tests: [
      ...firesAndNot(
        minutes,
        { name: `${name} fires`, series: working },
        { name: `${name} is quiet once it was measured`, series: { ...working, [series]: `1x${minutes}` } },
      ),
      { name: `${name} is quiet without a monitor`, series: {}, afterMinutes: minutes, fires: false },
    ],
  };
}

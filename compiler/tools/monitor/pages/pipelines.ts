import { monitor } from '../../../ir/metrics.ts';
import { all, figure, home, lines, type Page, type Row, selector } from '../../page.ts';

export function pipelinesPage(): Page {
  return {
    kind: 'pipelines',
    name: null,
    title: 'Pipelines',
    description: 'How each pipeline’s last run ended, when one last succeeded, and how long it takes.',
    origin: null,
    links: [home],
    rows: [lastRuns],
  };
}

const ended = (result: string): string => `sum(${selector(monitor.pipelineResult.name, { result })})`;

const lastRuns: Row = {
  title: 'Last runs',
  panels: [
    figure({
      title: 'Failed',
      description: 'Pipelines whose last run failed.',
      unit: 'short',
      width: 6,
      limit: { value: 1 },
      queries: all(ended('failed'), ''),
    }),
    figure({
      title: 'Refused',
      description: 'Pipelines whose last candidate the gate refused: the champion stays.',
      unit: 'short',
      width: 6,
      queries: all(ended('refused'), ''),
    }),
    figure({
      title: 'Skipped',
      description: 'Pipelines whose last run had nothing to do: no data yet, no champion, nothing new.',
      unit: 'short',
      width: 6,
      queries: all(ended('skipped'), ''),
    }),
    figure({
      title: 'Succeeded',
      description: 'Pipelines whose last run succeeded.',
      unit: 'short',
      width: 6,
      queries: all(ended('success'), ''),
    }),
    lines({
      title: 'Time since the last good run',
      description:
        'A run whose candidate was refused, or that found nothing new, is good; one that waited for data is not.',
      unit: 's',
      min: 0,
      queries: all(`time() - ${selector(monitor.pipelineSuccess.name)}`, '{{pipeline}}'),
    }),
    lines({
      title: 'Duration',
      description: 'Duration of the last finished run.',
      unit: 's',
      min: 0,
      queries: all(selector(monitor.pipelineDuration.name), '{{pipeline}}'),
    }),
  ],
};

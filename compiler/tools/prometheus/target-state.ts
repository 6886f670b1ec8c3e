import type { Configuration, Entry } from './configuration-state.ts';
import { seconds } from './duration.ts';

/** As `/api/v1/targets` has it. */
export interface ActiveTarget {
  scrapePool: string;
  scrapeUrl: string;
  scrapeInterval: string;
  labels: Record<string, string>;
  health: string;
  lastError: string;
}

export const compiledTargets = ({ global, scrape_configs: jobs }: Configuration): Entry[] =>
  jobs.flatMap((job) =>
    (job.static_configs ?? []).flatMap(({ targets, labels }) =>
      targets.map(
        (target): Entry => [
          `prometheus/target/${job.job_name}/${target}`,
          {
            url: `${job.scheme ?? 'http'}://${target}${job.metrics_path ?? '/metrics'}`,
            interval: seconds(job.scrape_interval ?? global.scrape_interval ?? '1m'),
            labels: { job: job.job_name, instance: target, ...labels },
          },
        ],
      ),
    ),
  );

export const activeTargets = (targets: readonly ActiveTarget[]): Entry[] =>
  targets.map(({ scrapePool, scrapeUrl, scrapeInterval, labels }) => [
    `prometheus/target/${scrapePool}/${new URL(scrapeUrl).host}`,
    { url: scrapeUrl, interval: seconds(scrapeInterval), labels },
  ]);

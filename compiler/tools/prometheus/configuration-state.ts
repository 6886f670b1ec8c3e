/** prometheus.yml as objects by address, compiled and loaded: what Prometheus fills in by itself is no difference. */
import type { Plain, PlainObject } from '../../diff/state.ts';
import { isDuration, seconds } from './duration.ts';

export interface Configuration {
  global: { scrape_interval?: string; evaluation_interval?: string; [setting: string]: unknown };
  alerting?: { alertmanagers?: { static_configs?: { targets: string[] }[] }[] };
  scrape_configs: ScrapeJob[];
}

export interface ScrapeJob {
  job_name: string;
  scrape_interval?: string;
  metrics_path?: string;
  scheme?: string;
  static_configs?: { targets: string[]; labels?: Record<string, string> }[];
  [setting: string]: unknown;
}

export type Entry = [address: string, object: PlainObject];

/** `wanted` says which settings are looked at: of a loaded one Prometheus shows a value for each that there is. */
export function configurationState(found: Configuration, wanted: Configuration): Entry[] {
  const jobs = new Map(wanted.scrape_configs.map((job) => [job.job_name, job]));
  const alertmanagers = (found.alerting?.alertmanagers ?? []).flatMap(({ static_configs: configs = [] }) =>
    configs.flatMap(({ targets }) => targets),
  );
  return [
    ...alertmanagers.map((host): Entry => [`prometheus/alertmanager/${host}`, {}]),
    ['prometheus/global', projected(plain(found.global), plain(wanted.global)) as PlainObject],
    // A job's targets are objects of their own.
    ...found.scrape_configs.map(({ job_name: name, static_configs: _, ...job }): Entry => {
      const { job_name: __, static_configs: ___, ...like } = jobs.get(name) ?? { job_name: name };
      return [`prometheus/scrape/${name}`, projected(plain(job), plain(like)) as PlainObject];
    }),
  ];
}

/** Of `found` only what `like` has too, on every level. */
function projected(found: Plain, like: Plain): Plain {
  if (!isObject(found) || !isObject(like)) return found;
  return Object.fromEntries(
    Object.entries(found).flatMap(([key, value]) => {
      const wanted = like[key];
      return wanted === undefined ? [] : [[key, projected(value, wanted)]];
    }),
  );
}

/** Durations in seconds: `120s` is loaded as `2m`. */
function plain(value: unknown): Plain {
  if (typeof value === 'string') return isDuration(value) ? seconds(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value as Plain;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

const isObject = (value: Plain): value is PlainObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

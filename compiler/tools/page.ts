/** Dashboards as few words; Grafana's folder makes its JSON of them. Limits come from where the alerts have theirs. */
import { type Matchers, promqlSelector as selector } from '../render/promql.ts';

export { promqlDuration as duration, promqlSelector as selector } from '../render/promql.ts';

export interface Page {
  /** Pages of one kind are found by it: `model`, `view` … */
  kind: string;
  /** What it is about; null where there is only one. */
  name: string | null;
  title: string;
  description: string;
  origin: string | null;
  /** Where a team chose its own. */
  uid?: string;
  rows: Row[];
  /** Other pages, by kind and name. */
  links: { title: string; kind: string; name: string | null }[];
}

export interface Query {
  expr: string;
  legend: string;
}

/** Above (or below) this value something is wrong: the same number as in the alert. */
export interface Limit {
  value: number;
  isFloor?: boolean;
}

export interface Panel {
  kind: 'lines' | 'number' | 'heatmap';
  title: string;
  description: string;
  /** Of Grafana's list: `s`, `percentunit`, `reqps` … */
  unit: string;
  queries: Query[];
  /** Of 24. */
  width: number;
  limit?: Limit | null;
  decimals?: number;
  min?: number;
}

export interface Row {
  title: string;
  panels: Panel[];
}

type Sized = Omit<Panel, 'kind' | 'width'> & { width?: number };

export const lines = (rest: Sized): Panel => ({ kind: 'lines', width: 12, ...rest });
export const figure = (rest: Sized): Panel => ({ kind: 'number', width: 4, ...rest });

/** A panel's only query. */
export const all = (expr: string, legend: string): Query[] => [{ expr, legend }];

/** As wide as Grafana's resolution asks for, and never narrower than four scrapes. */
export const RATE = '[$__rate_interval]';
export const rate = (metric: string, labels: Matchers): string => `rate(${selector(metric, labels)}${RATE})`;

/** Where every page leads back to. */
export const home: Page['links'][number] = { title: 'Platform', kind: 'platform', name: null };

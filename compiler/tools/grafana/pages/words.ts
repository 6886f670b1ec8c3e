/** The few words that the pages are written in. */
import { promqlSelector as selector } from '../../../render/promql.ts';
import type { Page } from '../dashboard.ts';
import type { Panel, Query } from '../panels.ts';

export { promqlDuration as duration, promqlSelector as selector } from '../../../render/promql.ts';

type Sized = Omit<Panel, 'kind' | 'width'> & { width?: number };

export const lines = (rest: Sized): Panel => ({ kind: 'lines', width: 12, ...rest });
export const figure = (rest: Sized): Panel => ({ kind: 'number', width: 4, ...rest });

/** A panel's only query. */
export const all = (expr: string, legend: string): Query[] => [{ expr, legend }];

/** As wide as Grafana's resolution asks for, and never narrower than four scrapes. */
export const RATE = '[$__rate_interval]';
export const rate = (metric: string, labels: Record<string, string>): string =>
  `rate(${selector(metric, labels)}${RATE})`;

/** Where every page leads back to. */
export const home: Page['links'][number] = { title: 'Platform', kind: 'platform', name: null };

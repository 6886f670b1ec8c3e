/** Alerts and dashboards about what a change reaches: of the platform's tools, and of teams. */
import { address, parseAddress } from '../ir/address.ts';
import type { Ir } from '../ir/types.ts';
import type { Page } from '../tools/page.ts';
import { tools } from '../tools/registry.ts';
import { isAlert } from '../tools/rule.ts';
import { readerOf } from './reading.ts';
import type { Reached } from './types.ts';

type Watcher = Omit<Reached, 'from' | 'via'>;

/** What watches each object, by its address: `model/departure_delay` and so on. */
export function watchersIn(ir: Ir): Map<string, Watcher[]> {
  const found = new Map<string, Watcher[]>();
  const reads = readerOf(ir);
  const add = (watched: string, watcher: Watcher): void => {
    found.set(watched, [...(found.get(watched) ?? []), watcher]);
  };
  for (const rule of tools
    .flatMap((tool) => tool.rules?.(ir) ?? [])
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules)))
    if (isAlert(rule))
      for (const watched of new Set([...subjects(rule.subject), ...reads(rule.expr)]))
        add(watched, {
          address: `alert/${rule.alert}/${Object.values(rule.subject).join('/')}`,
          of: 'platform_alert',
          name: [rule.alert, ...Object.values(rule.subject)].join(' '),
          owner: rule.owner,
        });
  for (const { kind, name, title } of pagesOf(ir))
    for (const watched of name === null ? [] : subjects({ [kind === 'api' ? 'model' : kind]: name }))
      add(watched, { address: pageAddress(kind, name), of: 'page', name: title, owner: null });
  ownWatchers(ir, reads, add);
  return found;
}

/** A single panel of a dashboard, and what its queries read. */
export interface Panel {
  address: string;
  /** The dashboard. */
  within: { address: string; of: 'page' | 'dashboard'; name: string };
  name: string;
  reads: string[];
}

/** Every panel of every dashboard about something, those of teams among them, in their order. */
export function panelsIn(ir: Ir): Panel[] {
  const reads = readerOf(ir);
  const own = new Map(ir.dashboards.map((each) => [each.name, each.address]));
  return pagesOf(ir).flatMap(({ kind, name, title, rows }) => {
    const team = kind === 'team' ? own.get(name ?? '') : undefined;
    const within = team
      ? { address: team, of: 'dashboard' as const, name: name ?? '' }
      : { address: pageAddress(kind, name), of: 'page' as const, name: title };
    return rows
      .flatMap(({ panels }) => panels)
      .map((panel, index) => ({
        address: `${within.address}/panel/${index + 1}`,
        within,
        name: `${title}: ${panel.title}`,
        reads: [...new Set(panel.queries.flatMap(({ expr }) => reads(expr)))],
      }));
  });
}

const pagesOf = (ir: Ir): Page[] => tools.flatMap((tool) => tool.pages?.(ir) ?? []);
const pageAddress = (kind: string, name: string | null): string => `page/${kind}${name === null ? '' : `/${name}`}`;

function ownWatchers(
  ir: Ir,
  reads: (expr: string) => string[],
  add: (watched: string, watcher: Watcher) => void,
): void {
  for (const { expr, address: own, name, owner } of ir.alerts)
    for (const watched of reads(expr)) add(watched, { address: own, of: 'alert', name, owner });
  for (const { panels, address: own, name } of ir.dashboards)
    for (const watched of new Set(panels.flatMap(({ expr }) => reads(expr))))
      add(watched, { address: own, of: 'dashboard', name, owner: null });
}

function subjects(labels: Readonly<Record<string, string>>): string[] {
  const { model, view, feature, pipeline } = labels;
  if (view !== undefined) return [feature === undefined ? address.featureView(view) : address.feature(view, feature)];
  if (model !== undefined) return [address.model(model)];
  return pipeline === undefined ? [] : [address.pipeline(pipeline)];
}

/** The address itself, and those of what it lies in. */
export function withOuters(text: string): string[] {
  const parts = parseAddress(text) ?? [];
  return [text, ...(parts[0]?.name === undefined || parts.length < 2 ? [] : [text.split('/').slice(0, 2).join('/')])];
}

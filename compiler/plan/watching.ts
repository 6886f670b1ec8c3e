/** Alerts and dashboards about what a change reaches: of the platform's tools, and of teams. */
import { address, parseAddress } from '../ir/address.ts';
import type { Ir } from '../ir/types.ts';
import { tools } from '../tools/registry.ts';
import { isAlert } from '../tools/rule.ts';
import type { Reached } from './types.ts';

type Watcher = Omit<Reached, 'from' | 'via'>;

/** What watches each object, by its address: `model/departure_delay` and so on. */
export function watchersIn(ir: Ir): Map<string, Watcher[]> {
  const found = new Map<string, Watcher[]>();
  const add = (watched: string, watcher: Watcher): void => {
    found.set(watched, [...(found.get(watched) ?? []), watcher]);
  };
  for (const rule of tools
    .flatMap((tool) => tool.rules?.(ir) ?? [])
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules)))
    if (isAlert(rule))
      for (const watched of subjects(rule.subject))
        add(watched, {
          address: `alert/${rule.alert}/${Object.values(rule.subject).join('/')}`,
          of: 'platform_alert',
          name: [rule.alert, ...Object.values(rule.subject)].join(' '),
          owner: rule.owner,
        });
  for (const { kind, name, title } of tools.flatMap((tool) => tool.pages?.(ir) ?? []))
    for (const watched of name === null ? [] : subjects({ [kind === 'api' ? 'model' : kind]: name }))
      add(watched, { address: `page/${kind}/${name}`, of: 'page', name: title, owner: null });
  ownWatchers(ir, add);
  return found;
}

/** A team's own name what they are about in an expression: `{model="departure_delay"}`. */
function ownWatchers(ir: Ir, add: (watched: string, watcher: Watcher) => void): void {
  const own = [
    ...ir.alerts.map((each) => ({ each, of: 'alert' as const, owner: each.owner, texts: [each.expr] })),
    ...ir.dashboards.map((each) => ({
      each,
      of: 'dashboard' as const,
      owner: null,
      texts: each.panels.map(({ expr }) => expr),
    })),
  ];
  for (const { each, of, owner, texts } of own)
    for (const text of texts)
      for (const [, label = '', value = ''] of text.matchAll(/\b(model|view|pipeline)\s*=\s*"([^"]*)"/g))
        for (const watched of subjects({ [label]: value }))
          add(watched, { address: each.address, of, name: each.name, owner });
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

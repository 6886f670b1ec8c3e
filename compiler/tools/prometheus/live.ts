import { parse } from 'yaml';
import { ask } from '../../clients/http.ts';
import { OperationError } from '../../diagnostics/operation-error.ts';
import type { State } from '../../diff/state.ts';
import { count, eventually, type Live, type LiveSide } from '../live.ts';
import { type Configuration, configurationState } from './configuration-state.ts';
import { compiledRules, loadedRules, type RuleFile } from './rule-state.ts';
import { type ActiveTarget, activeTargets, compiledTargets } from './target-state.ts';

/** Prometheus reads its files again; then rules, targets and where alerts go are held against what was compiled. */
export const live: LiveSide = {
  name: 'prometheus',
  after: [],
  // Targets are looked up every few seconds.
  patience: 45,
  isIn: (live) => live.address('prometheus') !== null,
  async desired(live) {
    const configuration = compiled(live);
    const files = live.list('common/prometheus/rules').map((path) => parse(live.read(path) ?? '') as RuleFile);
    return new Map([
      ...configurationState(configuration, configuration),
      ...compiledTargets(configuration),
      ...(await compiledRules(files, configuration, (expression) => formatted(live, expression))),
    ]);
  },
  async observe(live) {
    const { yaml } = await api<{ yaml: string }>(live, 'status/config');
    const { groups } = await api<Parameters<typeof loadedRules>[0]>(live, 'rules');
    return new Map([
      ...configurationState(parse(yaml) as Configuration, compiled(live)),
      ...activeTargets(await targets(live)),
      ...(await loadedRules({ groups }, (expression) => formatted(live, expression))),
    ]) satisfies State;
  },
  async apply(live) {
    await ask('Prometheus', `${address(live)}/-/reload`, { method: 'POST', timeout: 30 });
    return { done: 'read its files again' };
  },
  async alerts(live) {
    const { alerts } = await api<{ alerts: Alert[] }>(live, 'alerts');
    return alerts.filter(({ state }) => state === 'firing').map(named);
  },
  async check(live, observed) {
    const problem = await eventually(45, () => unscraped(live));
    if (problem !== null) throw new OperationError(problem, 1);
    const rules = [...observed.keys()].filter((each) => each.startsWith('prometheus/rule/'));
    return `${count(rules.length, 'rule')} loaded, every target scraped`;
  },
};

interface Alert {
  state: string;
  labels: Record<string, string>;
}

const named = ({ labels: { alertname, severity: _, ...labels } }: Alert): string =>
  `${alertname}{${Object.entries(labels)
    .sort()
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`;

const address = (live: Live): string => live.address('prometheus') ?? '';

const compiled = (live: Live): Configuration =>
  parse(live.read(`${live.environment}/prometheus/prometheus.yml`) ?? '') as Configuration;

const api = async <T>(live: Live, path: string): Promise<T> =>
  (await ask<{ data: T }>('Prometheus', `${address(live)}/api/v1/${path}`)).data;

/** As Prometheus itself writes it. */
const formatted = (live: Live, expression: string): Promise<string> =>
  api(live, `format_query?query=${encodeURIComponent(expression)}`);

const targets = async (live: Live): Promise<ActiveTarget[]> =>
  (await api<{ activeTargets: ActiveTarget[] }>(live, 'targets?state=active')).activeTargets;

async function unscraped(live: Live): Promise<string | null> {
  const found = await targets(live);
  if (found.length === 0) return 'Prometheus has no target.';
  const off = found.find(({ health }) => health !== 'up');
  return off ? `Prometheus cannot scrape ${off.scrapeUrl} (${off.lastError || off.health}).` : null;
}

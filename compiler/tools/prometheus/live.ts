import { parse } from 'yaml';
import { eventually, type Live, LiveError, type LiveSide, request } from '../live.ts';

/**
 * Prometheus and Alertmanager read their files again; then the rules in use and the targets are held against what was
 * compiled.
 */
export const live: LiveSide = {
  name: 'prometheus',
  after: [],
  isIn: (live) => live.address('prometheus') !== null,
  async apply(live) {
    await request('Alertmanager', `${live.address('alertmanager')}/-/reload`, { method: 'POST' });
    await request('Prometheus', `${live.address('prometheus')}/-/reload`, { method: 'POST' });
    return '';
  },
  async check(live) {
    const wanted = compiled(live);
    await eventually(10, async () => difference(wanted, await loaded(live)));
    await eventually(45, () => unscraped(live));
    return `${wanted.length} rules loaded, every target scraped`;
  },
};

/** Names of all rules, sorted; an alert of several models stands there as often. */
function compiled(live: Live): string[] {
  return live
    .list('common/prometheus/rules')
    .flatMap(
      (path) => (parse(live.read(path) ?? '') as { groups: { rules: { alert?: string; record?: string }[] }[] }).groups,
    )
    .flatMap(({ rules }) => rules.map(({ alert, record }) => alert ?? record ?? ''))
    .sort();
}

async function loaded(live: Live): Promise<string[]> {
  const { data } = (await request('Prometheus', `${live.address('prometheus')}/api/v1/rules`)) as {
    data: { groups: { rules: { name: string }[] }[] };
  };
  return data.groups.flatMap(({ rules }) => rules.map(({ name }) => name)).sort();
}

function difference(wanted: string[], found: string[]): string | null {
  if (JSON.stringify(wanted) === JSON.stringify(found)) return null;
  const missing = wanted.filter((name) => !found.includes(name));
  const said = missing.length > 0 ? `lacks ${missing.slice(0, 5).join(', ')}` : 'has others beside them';
  return `Prometheus has ${found.length} rules, ${wanted.length} are compiled, and it ${said}.`;
}

async function unscraped(live: Live): Promise<string | null> {
  const { data } = (await request('Prometheus', `${live.address('prometheus')}/api/v1/targets`)) as {
    data: { activeTargets: { health: string; scrapeUrl: string; lastError: string }[] };
  };
  if (data.activeTargets.length === 0) throw new LiveError('Prometheus has no target.');
  const off = data.activeTargets.find(({ health }) => health !== 'up');
  return off ? `Prometheus cannot scrape ${off.scrapeUrl} (${off.lastError || off.health}).` : null;
}

import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, inserting, isOnline, keyAt, tableOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { type Rhythm, rhythmsOf } from '../resolve/rhythm.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { duration, seconds, spoken } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  FEA010: {
    severity: 'warning',
    title: 'Online values vanish before their TTL',
    why: 'Keys without new values are dropped, and the model misses features that the view still promises.',
    example: 'online_ttl: 1h in an environment, and ttl: 7d in a view',
    fix: 'Remove `online_ttl`, or raise it.',
  },
  KAF003: {
    severity: 'error',
    judgement: true,
    title: 'A topic drops events too early',
    why: 'Events that were not consumed in time, or values lost online, cannot be read again.',
    example: 'retention: 1h on a view whose table is written once a day',
    fix: 'Keep events until the table has them, and as long as the consumer may be down.',
  },
});

/** Stores keep values as long as they are needed. */
export const keeping: Check = {
  codes,
  run: (graph) => {
    const rhythms = rhythmsOf(graph.resolved.values());
    return [...onlineKeys(graph), ...[...graph.views.values()].flatMap((view) => events(view, rhythms))];
  },
};

function onlineKeys({ platform, views }: Graph): Finding[] {
  const online = [...views.values()].filter(isOnline);
  return Object.entries(platform.value.environments).flatMap(([name, { online_ttl: kept }]) => {
    const [longest] = online.sort((a, b) => seconds(b.value.ttl) - seconds(a.value.ttl));
    if (kept === undefined || !longest || seconds(longest.value.ttl) <= seconds(kept)) return [];
    return [
      finding(
        'FEA010',
        valueAt(platform, 'environments', name, 'online_ttl'),
        `Environment ${name} drops a key after ${kept}, but values of feature view ${longest.name} ` +
          `may be used for ${longest.value.ttl}.`,
        {
          fix: {
            title: `keep keys for ${longest.value.ttl}`,
            safe: true,
            edits: [{ from: kept, to: longest.value.ttl }],
          },
          help: 'remove `online_ttl` (it is then a day longer than the longest TTL), or raise it',
          related: [{ message: 'the TTL of the view is set here', at: valueAt(longest, 'ttl') }],
        },
      ),
    ];
  });
}

function events(view: Declared<'FeatureView'>, rhythms: ReadonlyMap<string, Rhythm>): Finding[] {
  const { stream, ttl } = view.value;
  if (!stream) return [];
  const retention = stream.retention ?? defaults.FeatureView.stream.retention;
  const kept = stream.retention === undefined ? `${retention} (the default)` : retention;
  const at = (field: 'outage') =>
    stream.retention === undefined
      ? stream[field] === undefined
        ? keyAt(view, 'stream')
        : valueAt(view, 'stream', field)
      : valueAt(view, 'stream', 'retention');
  const tooShort = (message: string, what: string, place: Finding['at']) => [
    finding('KAF003', at('outage'), message, {
      help: `set \`stream.retention\` to at least ${what}`,
      fix: stream.retention
        ? { title: `keep events for ${what}`, safe: true, edits: [{ from: retention, to: what }] }
        : inserting(`keep events for ${what}`, view, ['stream'], `retention: ${what}`),
      related: [{ message: 'the other value is set here', at: place }],
    }),
  ];
  if (stream.outage !== undefined && seconds(stream.outage) > seconds(retention))
    return tooShort(
      `The topic of ${view.name} keeps events for ${kept}, but its consumer may be down for ${stream.outage}.`,
      stream.outage,
      valueAt(view, 'stream', 'outage'),
    );
  // Values lost online are brought back from the table; only what came after its last update has to be read again.
  const rhythm = rhythms.get(tableOf(view));
  const needed = rhythm ? Math.min(seconds(ttl), rhythm.interval + rhythm.takes) : 0;
  if (needed > seconds(retention))
    return tooShort(
      `The topic of ${view.name} keeps events for ${kept}, but its table may be ${spoken(needed)} old: values lost ` +
        'online since then can be read again from nowhere.',
      duration(needed),
      keyAt(view, 'batch'),
    );
  return [];
}

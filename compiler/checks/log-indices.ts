import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { OWN_LOGS } from '../ir/monitoring.ts';
import { valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  LOG002: {
    severity: 'error',
    title: 'Index templates overlap at one priority',
    why: 'The index refuses the second one.',
    example: 'two `log_indices` with the pattern logs-desk-*',
    fix: 'Narrow a pattern, or change a priority.',
  },
});

/** No two index templates match one index at the same priority. */
export const logIndices: Check = { codes, run: indices };

const OURS = { pattern: `logs-${OWN_LOGS.dataset}-*`, priority: OWN_LOGS.priority };

function indices(graph: Graph): Finding[] {
  const seen: { pattern: string; priority: number; what: string; at: Place | null }[] = [
    { ...OURS, what: "the platform's own logs", at: null },
  ];
  const findings: Finding[] = [];
  for (const spec of graph.monitorings.values())
    for (const [name, { pattern, priority = defaults.Monitoring.log_indices.priority }] of Object.entries(
      spec.value.log_indices ?? {},
    )) {
      const at = valueAt(spec, 'log_indices', name, 'pattern');
      const other = seen.find((each) => each.priority === priority && overlap(each.pattern, pattern));
      if (other)
        findings.push(
          finding(
            'LOG002',
            at,
            `The indices '${pattern}' are also those of ${other.what} ('${other.pattern}'), at the same priority ${priority}.`,
            {
              help: 'narrow one of the patterns, or give the two different priorities',
              related: other.at ? [{ message: 'the other stands here', at: other.at }] : [],
            },
          ),
        );
      seen.push({ pattern, priority, what: `template ${name}`, at });
    }
  return findings;
}

function overlap(a: string, b: string): boolean {
  const [one, other] = [a.replace(/\*$/, ''), b.replace(/\*$/, '')];
  if (!a.endsWith('*')) return b.endsWith('*') ? a.startsWith(other) : a === b;
  return b.endsWith('*') ? one.startsWith(other) || other.startsWith(one) : b.startsWith(one);
}

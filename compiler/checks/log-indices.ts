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
    title: 'Index templates that overlap at the same priority',
    why: 'Elasticsearch refuses the second one.',
    example: 'two `log_indices` with the pattern logs-desk-*',
    fix: 'Narrow a pattern, or change a priority.',
  },
});

/** No two index templates match one index at the same priority. */
export const logIndices: Check = { codes, run: indices };

/** An index template, or the platform's own. */
interface Template {
  pattern: string;
  what: string;
  at: Place | null;
}

/** Templates of one priority, by the beginnings of their patterns. Of several, the first counts. */
class Templates {
  readonly #order: Template[] = [];
  readonly #exact = new Map<string, number>();
  readonly #open = new Map<string, number>();
  readonly #beginnings = new Map<string, number>();

  add(template: Template): void {
    const { stem, isOpen } = read(template.pattern);
    const number = this.#order.push(template) - 1;
    const note = (map: Map<string, number>, key: string) => void (map.has(key) || map.set(key, number));
    note(isOpen ? this.#open : this.#exact, stem);
    for (const beginning of beginningsOf(stem)) note(this.#beginnings, beginning);
  }

  /** The first template that may match the same index as the pattern. */
  overlapping(pattern: string): Template | undefined {
    const { stem, isOpen } = read(pattern);
    const wider = beginningsOf(stem).map((beginning) => this.#open.get(beginning));
    const narrower = isOpen ? this.#beginnings.get(stem) : this.#exact.get(stem);
    const [first] = [...wider, narrower].filter((each) => each !== undefined).sort((a, b) => a - b);
    return first === undefined ? undefined : this.#order[first];
  }
}

const read = (pattern: string) => ({ stem: pattern.replace(/\*$/, ''), isOpen: pattern.endsWith('*') });

const beginningsOf = (stem: string): string[] => Array.from(stem, (_, index) => stem.slice(0, index + 1));

function indices(graph: Graph): Finding[] {
  const own = new Templates();
  own.add({ pattern: `logs-${OWN_LOGS.dataset}-*`, what: "the platform's own logs", at: null });
  const byPriority = new Map<number, Templates>([[OWN_LOGS.priority, own]]);
  const findings: Finding[] = [];
  for (const spec of graph.monitorings.values())
    for (const [name, stated] of Object.entries(spec.value.log_indices ?? {})) {
      const { pattern, priority = defaults.Monitoring.log_indices.priority } = stated;
      const templates = byPriority.get(priority) ?? new Templates();
      byPriority.set(priority, templates);
      const at = valueAt(spec, 'log_indices', name, 'pattern');
      const other = templates.overlapping(pattern);
      if (other) findings.push(overlap(at, pattern, priority, other));
      templates.add({ pattern, what: `template ${name}`, at });
    }
  return findings;
}

const overlap = (at: Place, pattern: string, priority: number, other: Template): Finding =>
  finding(
    'LOG002',
    at,
    `'${pattern}' matches indices of ${other.what} ('${other.pattern}') at the same priority, ${priority}.`,
    {
      help: 'narrow one of the patterns, or give them different priorities',
      related: other.at ? [{ message: 'the other one is declared here', at: other.at }] : [],
    },
  );

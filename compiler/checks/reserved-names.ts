import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { hasServers } from '../ir/look-up.ts';
import type { Graph } from '../link/graph.ts';
import { type Occurrence, occurrencesIn, statedAt } from '../link/occurrences.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import { reservation } from '../spec-schema/reserved-names.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({}, { SPC013: specCodes.SPC013 });

/** No name is one that a tool or the platform uses for something else in its place. */
export const reservedNames: Check = {
  codes,
  run: (graph) => {
    const withServers = Object.values(graph.platform.value.environments).some(hasServers);
    const found = new Map<string, Finding>();
    // The place where a column is declared before those that use it.
    for (const each of declarationsFirst(graph)) {
      const because = reservation(each, each.declared.spec.kind, withServers);
      const key = keyOf(each);
      if (because !== null && !found.has(key)) found.set(key, report(each, because));
    }
    return [...new Map([...found.values()].map((each) => [JSON.stringify(each.at), each])).values()];
  },
};

function declarationsFirst({ declared }: Graph): Occurrence[] {
  const all = declared.flatMap(occurrencesIn);
  return [...all.filter(({ isDefinition }) => isDefinition), ...all.filter(({ isDefinition }) => !isDefinition)];
}

/** A feature, a field of a request and a join key are columns: one name, however many places it has. */
const COLUMNS: readonly string[] = ['column', 'feature', 'request field', 'join key'];
const keyOf = ({ kind, name, bare }: Occurrence): string => (COLUMNS.includes(kind) ? bare : `${kind} ${name}`);

function report(each: Occurrence, because: string): Finding {
  const { kind, bare } = each;
  return finding('SPC013', statedAt(each), `'${bare}' cannot be the name of ${withArticle(kind)}: ${because}.`, {
    help:
      COLUMNS.includes(kind) || kind === 'table'
        ? `use another name, such as '${example(each)}'`
        : 'choose another name',
  });
}

const withArticle = (kind: string): string => `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;

/** The old name with another ending: it says what was meant, and no reservation goes by what follows. */
const example = ({ kind, bare }: Occurrence): string => `${bare}_${kind === 'table' ? 'data' : 'value'}`;

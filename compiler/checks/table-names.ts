import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({}, { SPC010: specCodes.SPC010 });

/** PostgreSQL truncates names at 63 characters, and the name of a snapshot's table ends in its digest. */
const LONGEST = 49;
/** Where an environment has servers, PostgreSQL can take the names of tables. */
export const tableNames: Check = {
  codes,
  run(graph) {
    const environment = Object.entries(graph.platform.value.environments).find(
      ([, { stores }]) => stores === 'servers',
    );
    if (!environment) return [];
    return [...graph.tables.values()].flatMap(({ name, writes, reads }): Finding[] => {
      const at = writes[0]?.at ?? reads.find(({ implied }) => !implied)?.at ?? reads[0]?.at;
      if (!at) return [];
      if (name.length <= LONGEST) return [];
      return [
        finding(
          'SPC010',
          at,
          `The name of table '${name}' has ${name.length} characters; PostgreSQL (environment ${environment[0]}) ` +
            `leaves room for ${LONGEST}.`,
          { help: 'use a shorter name: the digest of each snapshot is appended to it' },
        ),
      ];
    });
  },
};

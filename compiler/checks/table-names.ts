import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({}, { SPC010: specCodes.SPC010, SPC013: specCodes.SPC013 });

/** PostgreSQL truncates names at 63 characters, and the name of a snapshot's table ends in its digest. */
const LONGEST = 49;
/**
 * Feast's registry keeps tables of these names in the same schema as the teams' tables (Feast 0.67,
 * `infra/registry/sql.py`).
 */
const FEAST_REGISTRY = new Set([
  'projects',
  'entities',
  'data_sources',
  'feature_views',
  'stream_feature_views',
  'on_demand_feature_views',
  'label_views',
  'feature_services',
  'saved_datasets',
  'validation_references',
  'managed_infra',
  'permissions',
  'feature_view_version_history',
  'feast_metadata',
]);

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
      if (FEAST_REGISTRY.has(name))
        return [
          finding(
            'SPC013',
            at,
            `Feast's registry has its own table '${name}' in PostgreSQL (environment ${environment[0]}).`,
            { help: `use another name, such as '${name}_data'` },
          ),
        ];
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

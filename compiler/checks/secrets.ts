import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { holdsSecret, servicesOf } from '../link/services.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT004: {
    severity: 'error',
    title: 'A secret is written out',
    why: 'Whoever can read the repository has it, for ever.',
    example: 'password: hunter2',
    fix: 'Write `{secret: NAME}`, and put the value where the environment keeps secrets.',
  },
});

/** No secret is written out. */
export const secrets: Check = { codes, run: (graph) => [...inConnections(graph), ...inVariables(graph)] };

const SECRET_KEY = /(^|_)(password|passwd|secret|token|api_?key|private_?key|access_?key)$/;
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

function inConnections({ platform: each }: Graph): Finding[] {
  return Object.entries(each.value.connections ?? {}).flatMap(([connection, settings]) =>
    Object.entries(settings).flatMap(([key, value]) => {
      if (typeof value === 'object') return [];
      const what = SECRET_KEY.test(key)
        ? `'${key}' is written out`
        : URL_WITH_PASSWORD.test(String(value))
          ? 'The URL contains a password'
          : null;
      return what === null
        ? []
        : [
            finding(
              'PLT004',
              valueAt(each, 'connections', connection, key),
              `${what}; whoever reads the repository would have it.`,
              { help: `write '${SECRET_KEY.test(key) ? key : 'password'}: {secret: ${connection}}'` },
            ),
          ];
    }),
  );
}

function inVariables(graph: Graph): Finding[] {
  return servicesOf(graph).flatMap(({ name, stated, at }) =>
    Object.entries(stated.variables ?? {})
      .filter(([variable, value]) => holdsSecret(variable, value))
      .map(([variable]) =>
        finding('PLT004', at('variables', variable), `The variable ${variable} of ${name} holds a secret as it is.`, {
          help: 'put it under `secrets:`, and let the variable name the file: /run/secrets/NAME',
        }),
      ),
  );
}

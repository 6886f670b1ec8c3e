import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { holdsSecret, servicesOf } from '../link/services.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT004: {
    severity: 'error',
    title: 'A secret in plain text',
    why: 'Everybody who can read the repository knows it, for ever.',
    example: 'password: hunter2',
    fix: 'Write `{secret: NAME}`, and put the value where the environment keeps secrets.',
  },
});

/** No secret is in plain text. */
export const secrets: Check = { codes, run: (graph) => [...inConnections(graph), ...inVariables(graph)] };

const SECRET_KEY = /(^|_)(password|passwd|secret|token|api_?key|private_?key|access_?key)$/;
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

function inConnections({ platform: each }: Graph): Finding[] {
  return Object.entries(each.value.connections ?? {}).flatMap(([connection, settings]) =>
    Object.entries(settings).flatMap(([key, value]) => {
      if (typeof value === 'object') return [];
      const what = SECRET_KEY.test(key)
        ? `'${key}' is in plain text`
        : URL_WITH_PASSWORD.test(String(value))
          ? 'The URL contains a password'
          : null;
      return what === null
        ? []
        : [
            finding(
              'PLT004',
              valueAt(each, 'connections', connection, key),
              `${what}: everybody who can read the repository would know it.`,
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
        finding(
          'PLT004',
          at('variables', variable),
          `The variable ${variable} of ${name} holds a secret in plain text.`,
          {
            help: 'list it under `secrets:`, and set the variable to its file: /run/secrets/NAME',
          },
        ),
      ),
  );
}

/** Where the values of secrets come from; compose.yaml holds names only. */
import { secretsOfSteps, secretVariable } from '../../ir/secret-variable.ts';
import type { Environment, Ir } from '../../ir/types.ts';
import type { Json } from '../../render/json.ts';

export const OWN_SECRETS = 'mlops_';

/** A secret that the platform's own parts tell each other; `mlops secrets make` makes those that are missing. */
export const nameOfSecret = (name: string): string => `${OWN_SECRETS}${name.replaceAll('-', '_')}`;

export const secretFile = (name: string): string => `/run/secrets/${name}`;

/** Filled in by the entrypoint of our image: a variable's text, or (percent-encoded) a part of an address. */
export const secretText = (name: string): string => `\${secret:${name}}`;
export const secretInUrl = (name: string): string => `\${url:${name}}`;

/** The source of a secret on the host, relative to compose.yaml. */
export function secretSource({ secrets }: Environment, name: string): Json {
  if (secrets.provider === 'env') return { environment: secretVariable(name) };
  return { file: `${secrets.dir.startsWith('/') ? '' : '../../../'}${secrets.dir}/${name}` };
}

/** The secrets of the connections of steps, where the runtime looks for them: files below the root, or variables. */
export function granted({ connections }: Ir, { secrets }: Environment, root: string) {
  const names = secretsOfSteps(connections);
  if (secrets.provider === 'env')
    return {
      secrets: names,
      variables: Object.fromEntries(names.map((name) => [secretVariable(name), secretText(name)])),
    };
  const folder = secrets.dir.startsWith('/') ? secrets.dir : `${root}/${secrets.dir}`;
  return { secrets: names.map((source) => ({ source, target: `${folder}/${source}` })), variables: {} };
}

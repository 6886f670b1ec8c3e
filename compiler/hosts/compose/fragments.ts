/** What containers have in common: fragments of compose.yaml, which `<<` merges by their names. */
import type { Ir } from '../../ir/types.ts';
import type { SharedVariables } from '../../tools/workload.ts';
import type { Installation } from '../host.ts';
import { ROOT } from './host.ts';
import { CHECKOUT } from './mounts.ts';
import { nameOfSecret, secretFile } from './secrets.ts';

/** Of all. */
export const every = {
  'x-every': {
    restart: 'unless-stopped',
    security_opt: ['no-new-privileges:true'],
    logging: { driver: 'local', options: { 'max-size': '10m', 'max-file': '3' } },
  },
  // Time passes before a slow one is called unhealthy: JVMs and Airflow need it on a busy host.
  'x-health': { interval: '10s', timeout: '8s', retries: 6, start_period: '90s' },
};

/** Read-only, and only what programs need: neither the secrets nor the rest of the checkout. */
const codeOf = ({ platform }: Ir): string[] => [
  'generated',
  ...(platform.carriesRuntime ? ['runtime/mlops_runtime'] : []),
  'pipelines',
  'models',
];

/** Of those of our own image: the same packages, the same mounts; what differs is the command. */
export const commonOf = ({ site, shared }: Installation) => ({
  'x-variables': {
    MLOPS_ENV: site.environment.name,
    MLOPS_STATE: `${ROOT}/.mlops/${site.environment.name}`,
    ...filesIn(shared.secretVariables),
    ...shared.variables,
  },
  'x-ours': {
    '<<': 'every',
    image: `${site.ir.platform.name}-platform:${site.environment.name}`,
    // Reaps what tasks leave behind, and hands signals on.
    init: true,
    read_only: true,
    cap_drop: ['ALL'],
    environment: { '<<': 'variables' },
    secrets: Object.values(shared.secretVariables).map(nameOfSecret),
    volumes: [...codeOf(site.ir).map((folder) => `${CHECKOUT}/${folder}:${ROOT}/${folder}:ro`), `state:${ROOT}/.mlops`],
    tmpfs: ['/tmp'],
  },
});

/** `NAME_FILE`: where the value is. */
export const filesIn = (variables: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).map(([variable, secret]) => [`${variable}_FILE`, secretFile(nameOfSecret(secret))]),
  );

/** Variables that several workloads share: a fragment per name. */
export const sharedVariables = ({ running }: Installation) =>
  Object.fromEntries(
    running
      .flatMap(({ workload }) => workload.shared ?? [])
      .map(({ name, variables }: SharedVariables) => [`x-${name}`, { '<<': 'variables', ...variables }]),
  );

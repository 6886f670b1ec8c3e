/** Containers of our own image: the same packages, the same mounts; what differs is the command. */
import { addressOf, url } from '../../ir/parts.ts';
import type { Environment, Ir } from '../../ir/types.ts';
import { own, secretFile } from './secrets.ts';
import { type Common, type Service, shared } from './service.ts';

export const ROOT = '/opt/mlops';
export const stateOf = ({ name }: Environment): string => `${ROOT}/.mlops/${name}`;
const CHECKOUT = '../../..';

/** Read-only, and only what programs need: neither the secrets nor the rest of the checkout. */
const CODE = ['generated', 'runtime/mlops_runtime', 'pipelines', 'models'];
const mounted = CODE.map((folder) => `${CHECKOUT}/${folder}:${ROOT}/${folder}:ro`);
/** The commit, for a training run to record. */
export const history = `${CHECKOUT}/.git:${ROOT}/.git:ro`;

export const platformImage = (ir: Ir, { name }: Environment): string => `${ir.platform.name}-platform:${name}`;

/** One service builds the image for all; the others find it by its tag. */
export const build = (target: string) => ({
  context: `${CHECKOUT}/runtime`,
  dockerfile: 'images/platform/Dockerfile',
  target,
});

export interface Ours extends Common {
  command: string[];
  image?: string;
  /** One of Airflow's parts, which share its variables. */
  airflow?: boolean;
  /** File below /var/log/mlops that the shipper reads. */
  log?: string;
}

/**
 * `python -m mlops_runtime …` and the like, as a user without rights, on a read-only root. A list of its own takes the
 * fragment's place.
 */
export function ours(ir: Ir, environment: Environment, { command, image, log, airflow, ...common }: Ours): Service {
  const { secrets = [], volumes = [], tmpfs = [], variables = {} } = common;
  const all = fragment(ir, environment)['x-ours'];
  const mounts = [...(log ? ['logs:/var/log/mlops'] : []), ...volumes];
  const extra = { ...(log ? { MLOPS_LOG: `/var/log/mlops/${log}.log` } : {}), ...variables };
  const inherits = !airflow && Object.keys(extra).length === 0;
  return {
    '<<': 'ours',
    ...(image ? { image } : {}),
    command,
    ...shared({
      ...common,
      secrets: secrets.length > 0 ? [...all.secrets, ...secrets] : [],
      volumes: mounts.length > 0 ? [...all.volumes, ...mounts] : [],
      tmpfs: tmpfs.length > 0 ? [...all.tmpfs, ...tmpfs] : [],
      variables: inherits ? {} : { '<<': airflow ? 'airflow' : 'variables', ...extra },
    }),
  };
}

/** What all of ours have, as a fragment of compose.yaml. */
export const fragment = (ir: Ir, environment: Environment) => ({
  'x-variables': {
    MLOPS_ENV: environment.name,
    MLOPS_POSTGRES_PASSWORD_FILE: secretFile(own.postgres),
    MLOPS_REDIS_PASSWORD_FILE: secretFile(own.redis),
    MLFLOW_TRACKING_URI: url(addressOf(environment, 'mlflow')),
    // By default a client hangs for minutes on a server that is gone.
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '2',
    MLFLOW_DISABLE_TELEMETRY: 'true',
  },
  'x-ours': {
    '<<': 'every',
    image: platformImage(ir, environment),
    // Reaps what tasks leave behind, and hands signals on.
    init: true,
    read_only: true,
    cap_drop: ['ALL'],
    environment: { '<<': 'variables' },
    secrets: [own.postgres, own.redis],
    volumes: [...mounted, `state:${ROOT}/.mlops`],
    tmpfs: ['/tmp'],
  },
});

export const runtime = (...words: string[]): string[] => ['python', '-m', 'mlops_runtime', ...words];

/** A container asks itself, so here `localhost` is right. The image has no curl. */
export const healthy = (address: string, ...condition: string[]): string[] => [
  ...['python', '-m', 'mlops_runtime.containers.healthy', address],
  ...condition,
];

import type { HostFacts } from '../../ir/inventory.ts';
import { hasServers } from '../../ir/look-up.ts';
import type { Environment } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { json } from '../../render/json.ts';
import { shellWord } from '../../render/shell.ts';
import type { Site } from '../host.ts';
import { IMAGES } from '../images.ts';
import { program } from '../program.ts';
import type { Tool } from '../tool.ts';
import type { Workload } from '../workload.ts';
import { live } from './live.ts';

/** Redis: Feast's online store. */
export const redis = {
  name: 'redis',
  workloads: (site) => (hasServers(site.environment) ? [server(site)] : []),
  emitEnvironment: ({ environment, host }) => (hasServers(environment) ? [settings(environment, host.facts)] : []),
  shared: ({ environment }) => (hasServers(environment) ? { secretVariables: { MLOPS_REDIS_PASSWORD: 'redis' } } : {}),
  ports: { redis: { title: 'Redis', usual: 6379 } },
  containers: () => ['redis'],
  volumes: ['redis'],
  programs: {
    'redis-server': { title: 'Redis', from: "Debian's redis-server", find: { names: ['redis-server'] } },
  },
  install: { packages: [{ name: 'redis-server', evidence: 'redis-server' }] },
  live,
} satisfies Tool;

const SETTINGS = {
  appendonly: 'yes',
  // A consumer commits its offsets once Redis has answered, so an answer must mean "on disk": with `everysec` a crash
  // takes up to two seconds of answered writes with it. Writes come in pipelined batches, and a batch costs one
  // fsync.
  appendfsync: 'always',
  // The append-only file is the copy on disk; a second one would only cost a fork.
  save: '',
  // Rather refuse a write than forget a feature.
  'maxmemory-policy': 'noeviction',
};

/** What its container may have of memory. */
const MEGABYTES = 1024;

/**
 * A write that does not fit is refused; without this the kernel would end the whole server at the container's limit.
 * Less than half of that: while the append-only file is rewritten, a fork may need every page twice.
 */
const inAContainer = { ...SETTINGS, maxmemory: String(Math.floor(MEGABYTES * 0.45) * 1024 * 1024) };

const settings = ({ name, origin }: Environment, { form }: HostFacts): Artifact => ({
  path: `${name}/redis/settings.json`,
  content: json(form === 'container' ? inAContainer : SETTINGS),
  origin: origin.file,
});

const server = ({ host }: Site): Workload => {
  const { host: interfaces, port } = host.listen('redis');
  const onAMachine = {
    bind: interfaces,
    port: String(port),
    // A title would overwrite what /proc shows of the environment, by which `mlops down` finds what is ours.
    'set-proc-title': 'no',
    ...SETTINGS,
  };
  const password = host.secretFile('redis');
  // Redis takes its password from a command line, which everybody can read, or from its configuration: so that is
  // written first.
  const configure = `sed -e 's/[\\\\"]/\\\\&/g' -e 's/.*/requirepass "&"/' ${password} > /tmp/redis.conf`;
  const start = [
    'exec redis-server /tmp/redis.conf',
    ...options({ dir: '/data', ...inAContainer }).map(shellWord),
  ].join(' ');
  return {
    name: 'redis',
    port: { part: 'redis' },
    health: 'accepts',
    // What it holds is made of the offline store.
    serverData: { folder: 'redis', restore: host.runtimeCommand('refill') },
    program: {
      command: host.runtimeCommand('redis', program('redis-server'), host.state('redis'), ...options(onAMachine)),
    },
    container: {
      image: IMAGES.redis.image,
      entrypoint: ['sh', '-euc', `umask 077; ${configure}; ${start}`],
      user: 'redis',
      hardened: true,
      networks: ['data'],
      probe: ['sh', '-c', `REDISCLI_AUTH="$(cat ${password})" redis-cli ping | grep -q PONG`],
      secrets: ['redis'],
      mounts: [{ volume: 'redis', at: '/data' }],
      scratch: ['/tmp'],
      megabytes: MEGABYTES,
      cpus: 1,
      grace: 30,
    },
  };
};

const options = (settings: Record<string, string>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);

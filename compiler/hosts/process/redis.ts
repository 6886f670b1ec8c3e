import { addressOf } from '../../ir/parts.ts';
import { python, secret, state, tool } from './placeholders.ts';
import type { ServerModule } from './server.ts';

/** Redis: Feast's online store. */
export const redis: ServerModule = (_ir, environment) => {
  const { host, port } = addressOf(environment, 'redis');
  const options = Object.entries(settings(host, port)).flatMap(([name, value]) => [`--${name}`, value]);
  return {
    setup: [],
    processes: [
      {
        name: 'redis',
        // Hands Redis its password in a file: a command line can be read by everyone on the machine.
        command: [python, '-m', 'mlops_runtime', 'redis', tool('redis-server'), `${state}/redis`, ...options],
        env: {},
        lock: null,
        port,
        port_field: `environments.${environment.name}.ports.redis in ${environment.origin.file}`,
        address: null,
        health: `tcp://${host}:${port}`,
        needs: [],
      },
    ],
    variables: { MLOPS_REDIS_PASSWORD: secret('redis') },
  };
};

function settings(host: string, port: number): Record<string, string> {
  return {
    bind: host,
    port: String(port),
    // A title would overwrite what /proc shows of the environment, by which `mlops down` finds what is ours.
    'set-proc-title': 'no',
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
}

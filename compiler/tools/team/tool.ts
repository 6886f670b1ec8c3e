import type { Network, Container as Stated } from '../../ir/types.ts';
import type { Tool } from '../tool.ts';
import type { Workload } from '../workload.ts';

/** Containers of teams' own, beside the platform's. */
export const team = {
  name: 'team',
  workloads: ({ environment: { containers } }) => {
    const once = new Set(
      containers.flatMap(({ needs }) => Object.keys(needs).filter((name) => needs[name] !== 'healthy')),
    );
    return containers.map((stated) => container(stated, once.has(stated.name)));
  },
} satisfies Tool;

/** One that others need completed runs once: started again at its end, it would never be. */
function container(stated: Stated, isOnce: boolean): Workload {
  const { name, image, command, port, publish, metrics, tls, secrets, volumes, networks, needs, health } = stated;
  return {
    name,
    needs,
    ...(isOnce ? { once: true } : {}),
    ...(port === null ? {} : { port: { inside: port } }),
    ...(metrics === null || port === null
      ? {}
      : { metrics: { job: `service-${name}`, path: metrics, ...(tls ? { scheme: 'https' } : {}) } }),
    variables: stated.variables,
    container: {
      image,
      ...(command ? { command } : {}),
      extras: { init: true },
      hardened: { writableRoot: "Nothing is known of a team's image." },
      networks: networks as Network[],
      ...(health ? { probe: health } : {}),
      providedSecrets: secrets,
      mounts: Object.entries(volumes).map(([volume, at]) => ({ volume, at })),
      ...(publish === null || port === null ? {} : { open: 'loopback', openPort: { onHost: publish } }),
      megabytes: stated.megabytes,
      cpus: stated.cpus,
    },
  };
}

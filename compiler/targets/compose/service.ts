/** A service of a compose file, with what all of them have in common. */
import type { Json } from '../../render/json.ts';

export type Service = { [key: string]: Json };
export type Services = Record<string, Service>;

/** Only what has to talk to each other shares a network. */
export type Network = 'edge' | 'data' | 'watch';

/** Bound to the host's loopback: people come through a tunnel, and only the proxy is open to the world. */
export const onLoopback = (host: number, container: number): string => `127.0.0.1:${host}:${container}`;

export const HEALTHY = { condition: 'service_healthy' };
export const DONE = { condition: 'service_completed_successfully' };

export const health = (test: string[], startSeconds = 30): Json => ({
  test: ['CMD', ...test],
  interval: '10s',
  timeout: '5s',
  retries: 6,
  start_period: `${startSeconds}s`,
});

/** Logs of containers are kept small: what matters of ours is shipped. */
const LOGGING = { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } };

interface Common {
  memory: string;
  cpus?: string;
  networks: Network[];
}

export function service(image: string, { memory, cpus = '1.0', networks }: Common, rest: Service): Service {
  return {
    image,
    restart: 'unless-stopped',
    ...rest,
    networks,
    security_opt: ['no-new-privileges:true'],
    logging: LOGGING,
    deploy: { ...(rest['deploy'] as object | undefined), resources: { limits: { memory, cpus } } },
  };
}

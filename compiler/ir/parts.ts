/** The parts of a platform: where each listens, and how the others reach it. */
import { ofModel, ofView } from './look-up.ts';
import type { Environment, Part } from './types.ts';

export const hasServers = ({ stores }: Pick<Environment, 'stores'>): boolean => stores === 'servers';

export interface Address {
  host: string;
  port: number;
}

/** Containers have their own names and the tool's own port; `localhost` would be the caller's own container. */
export function addressOf({ runtime, host, listens }: Environment, part: Part): Address {
  return { host: runtime === 'compose' ? containerOf(part) : host, port: listens[part] };
}

/** Every container of ours answers on this port; the host's port is the environment's business. */
export const CONTAINER_PORT = 8000;

/**
 * How the other parts reach a model's API: an address a replica. Replicas are containers with names of their own,
 * because whoever scrapes or balances them must tell one from the other.
 */
export function serviceAddresses(environment: Environment, model: string): Address[] {
  const service = ofModel(environment.services, model);
  if (!service) throw new Error(`${model} is not served in ${environment.name}`);
  if (environment.runtime === 'process') return [{ host: environment.host, port: service.port }];
  return Array.from({ length: service.replicas }, (_, index) => ({
    host: containerOf(`serving_${model}_${index + 1}`),
    port: CONTAINER_PORT,
  }));
}

/** The container of a version on trial; none where there is none. */
export function trialAddresses({ services }: Environment, model: string): Address[] {
  const service = ofModel(services, model);
  return service?.canary ? [{ host: containerOf(`serving_${model}_trial`), port: CONTAINER_PORT }] : [];
}

/** How Prometheus reaches a view's stream consumer. */
export function consumerAddress(environment: Environment, view: string): Address {
  const consumer = ofView(environment.consumers, view);
  if (!consumer) throw new Error(`${view} is not streamed in ${environment.name}`);
  return environment.runtime === 'compose'
    ? { host: containerOf(`stream_${view}`), port: CONTAINER_PORT }
    : { host: environment.host, port: consumer.port };
}

export const url = ({ host, port }: Address): string => `http://${host}:${port}`;

/** Underscores are no part of a host name. */
export const containerOf = (name: string): string => name.replaceAll('_', '-');

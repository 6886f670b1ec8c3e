import type { Environment, Ports } from './types.ts';

export const hasServers = ({ stores }: Pick<Environment, 'stores'>): boolean => stores === 'servers';

export function portOf(ports: Ports, part: string): number {
  const port = ports[part];
  if (port === undefined) throw new Error(`no part is called '${part}'`);
  return port;
}

/** Underscores are no part of a host name. */
export const containerOf = (name: string): string => name.replaceAll('_', '-');

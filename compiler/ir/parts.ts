import type { Environment } from './types.ts';

export const hasServers = ({ stores }: Pick<Environment, 'stores'>): boolean => stores === 'servers';

/** Underscores are no part of a host name. */
export const containerOf = (name: string): string => name.replaceAll('_', '-');

import type { Host } from './host.ts';

/**
 * The address of one database of PostgreSQL, for SQLAlchemy. The driver is spelled: a bare `postgresql://` means
 * another one in SQLAlchemy 2.1.
 */
export function databaseUrl(host: Host, name: string, driver: string): string {
  const { host: server, port } = host.address('postgres');
  return `postgresql+${driver}://${name}:${host.secretInUrl('postgres')}@${server}:${port}/${name}`;
}

/** Secrets that people provide, and the variables that hold them where the environment's provider is `env`. */
import type { Connection } from './platform.ts';

/** Hyphens are no part of a name that a shell can export. `Workspace.secret` in the runtime looks for the same. */
export const secretVariable = (name: string): string => `MLOPS_SECRET_${name.replaceAll('-', '_').toUpperCase()}`;

/** Names, sorted: steps read connections. */
export const secretsOfSteps = (connections: readonly Connection[]): string[] =>
  [...new Set(connections.flatMap(({ secrets }) => Object.values(secrets)))].sort();

/** How people get into what runs. */
import { existsSync } from 'node:fs';
import type { Workspace } from '../workspace.ts';
import { readPlan } from './process-plan.ts';

export interface PersonsLogIn {
  process: string;
  user: string;
  secret: string;
}

export function peopleLogIn(workspace: Workspace): PersonsLogIn[] {
  if (!existsSync(workspace.plan)) return [];
  return readPlan(workspace).processes.flatMap(({ name, log_in }) => (log_in ? [{ process: name, ...log_in }] : []));
}

/** A sentence each, without the password. */
export const logInsOf = (workspace: Workspace): string[] =>
  peopleLogIn(workspace).map(
    ({ process, user }) =>
      `Log in to ${process} as ${user}; ` +
      `\`mlops secrets list --env ${workspace.environment} --show\` shows the password.`,
  );

import type { Environment } from '../ir/types.ts';
import { compose } from './compose/emit.ts';
import type { HostType } from './host.ts';
import { process } from './process/emit.ts';

/** One line per host; everything else about it stands in its folder. */
export const hosts: readonly HostType[] = [compose, process];

export function hostOf({ name, runtime }: Environment): HostType {
  const found = hosts.find((host) => host.name === runtime);
  if (!found) throw new Error(`the environment ${name} runs on '${runtime}', which is no host`);
  return found;
}

import { compose } from './compose/emit.ts';
import type { HostType } from './host.ts';
import { process } from './process/emit.ts';

/** One line per host; everything else about it stands in its folder. */
export const hosts: readonly HostType[] = [process, compose];

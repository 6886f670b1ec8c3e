import { address } from '../ir/address.ts';
import type { Origin, PlatformStep, Step } from '../ir/types.ts';
import type { Graph } from '../link/graph.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { Attempts } from './attempts.ts';

/** First day of schedules that state none. */
export const startOf = ({ platform }: Graph): string =>
  platform.value.defaults?.start ?? defaults.Platform.defaults.start;

/** A step of the platform that nobody wrote, without reads or writes. */
export const platformStep = (
  pipeline: string,
  name: string,
  run: PlatformStep,
  origin: Origin,
  attempts: Attempts,
): Step => ({
  address: address.step(pipeline, name),
  name,
  description: '',
  origin,
  run,
  needs: [],
  reads: [],
  writes: [],
  mode: defaults.Pipeline.steps.mode,
  partition: null,
  outlets: [],
  connections: [],
  ...attempts,
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';

/** Prints flights that are still to come, as the API of the sample's model takes them. */
export const upcomingFlights = (root: string): string => join(root, 'pipelines', 'flights', 'upcoming.py');

/** Says in a sentence what is missing where the sample's folders hold other use cases. */
export function requireSample(root: string, what: string): void {
  if (existsSync(upcomingFlights(root)) && existsSync(join(root, 'models', 'departure_delay'))) return;
  throw new OperationError(
    `${what} with the sample that this repository comes with: the pipeline flights and the model departure_delay, ` +
      'which are not here. `npm run up` starts what is here; `git log -- pipelines/flights` finds the sample.',
  );
}

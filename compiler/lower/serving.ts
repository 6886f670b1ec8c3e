/** How a model's predictions are given: which version, online and in batches. */
import { address } from '../ir/address.ts';
import type { Alias, Batch, Online } from '../ir/types.ts';
import { type Declared, predictionsOf } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { originOf } from '../resolve/origins.ts';
import { sortedEntries } from '../resolve/sorted.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { fraction, latencySeconds, optional, seconds } from '../spec-schema/units.ts';

export function aliasesOf(model: Declared<'Model'>, { platform }: Graph): Alias[] {
  const stated = model.value.serving?.aliases;
  return sortedEntries(platform.value.environments).map(([environment]) => ({
    address: address.alias(model.name, environment),
    origin: stated?.[environment] === undefined ? originOf(model) : originOf(model, 'serving', 'aliases', environment),
    environment,
    alias: stated?.[environment] ?? defaults.Model.serving.aliases,
  }));
}

export function onlineOf(model: Declared<'Model'>): Online | null {
  const online = model.value.serving?.online;
  return online
    ? {
        address: address.online(model.name),
        origin: originOf(model, 'serving', 'online'),
        timeoutSeconds: seconds(online.timeout ?? defaults.Model.serving.online.timeout),
        objectives: {
          latencySeconds: optional(online.latency_p99, latencySeconds),
          availability: optional(online.availability, fraction),
          windowSeconds: seconds(online.slo_window ?? defaults.Model.serving.online.slo_window),
        },
      }
    : null;
}

export function batchOf(model: Declared<'Model'>): Batch | null {
  const batch = model.value.serving?.batch;
  return batch
    ? {
        address: address.batch(model.name),
        origin: originOf(model, 'serving', 'batch'),
        entities: batch.entities,
        windowSeconds: seconds(batch.window ?? defaults.Model.serving.batch.window),
        output: predictionsOf(model),
      }
    : null;
}

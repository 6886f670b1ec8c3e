/** Pairs of schemas of events, before a change of the specs and after it, made as the compiler makes them. */
import type { FeatureView, Ir, ScalarType } from '../../compiler/ir/types.ts';
import { randomNumbers } from '../../compiler/test/faults/repository.ts';
import type { EventSchema } from '../../compiler/tools/kafka/schemas.ts';
import { eventSchema } from '../../compiler/tools/kafka/topics.ts';

export interface SchemaPair {
  old: EventSchema;
  now: EventSchema;
  /** What was changed, in words. */
  edits: string[];
}

interface Shape {
  /** Join keys. */
  keys: Record<string, ScalarType>;
  timestamp: string;
  created: boolean;
  features: Record<string, Feature>;
}
interface Feature {
  type: ScalarType;
  unit: string | null;
  min: number | null;
}

const KEY_TYPES: ScalarType[] = ['int32', 'int64', 'string'];
const TYPES: ScalarType[] = ['bool', 'int32', 'int64', 'float32', 'float64', 'string', 'timestamp'];
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const MOST_EDITS = 4;

export function pairsOf(count: number, seed: number): SchemaPair[] {
  const random = randomNumbers(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  const feature = (): Feature => ({ type: one(TYPES), unit: one([null, 'min']), min: one([null, 0]) });
  const shape = (): Shape => ({
    keys: Object.fromEntries(['plane', 'carrier'].slice(0, 1 + below(2)).map((key) => [key, one(KEY_TYPES)])),
    timestamp: 'observed_at',
    created: random() < 0.5,
    features: Object.fromEntries(NAMES.slice(0, 1 + below(6)).map((name) => [name, feature()])),
  });

  /** Each changes a shape in place, and says how; null where it has no room. */
  const edits: ((shape: Shape) => string | null)[] = [
    ({ features }) => {
      const name = one(Object.keys(features));
      const type = one(TYPES);
      features[name] = { ...(features[name] as Feature), type };
      return `${name} is ${type}`;
    },
    ({ features }) => {
      const name = one(NAMES.filter((each) => !(each in features)));
      features[name] = feature();
      return `${name} is added`;
    },
    ({ features }) => {
      const names = Object.keys(features);
      if (names.length === 1) return null;
      const name = one(names);
      delete features[name];
      return `${name} is removed`;
    },
    ({ features }) => {
      const name = one(Object.keys(features));
      features[name] = { ...(features[name] as Feature), unit: one(['s', 'h']), min: one([null, -1, 1]) };
      return `${name} is described otherwise`;
    },
    ({ keys }) => {
      const name = one(Object.keys(keys));
      keys[name] = one(KEY_TYPES);
      return `the key ${name} is ${keys[name]}`;
    },
    ({ keys }) => {
      if ('carrier' in keys) delete keys['carrier'];
      else keys['carrier'] = one(KEY_TYPES);
      return `the key carrier ${'carrier' in keys ? 'is added' : 'is removed'}`;
    },
    (each) => {
      each.created = !each.created;
      return `created is ${each.created ? 'stated' : 'not stated'}`;
    },
    (each) => {
      each.timestamp = each.timestamp === 'observed_at' ? 'seen_at' : 'observed_at';
      return `the time is ${each.timestamp}`;
    },
  ];

  return Array.from({ length: count }, () => {
    const before = shape();
    const after = structuredClone(before);
    const done = Array.from({ length: 1 + below(MOST_EDITS) }, () => one(edits)(after) ?? 'nothing');
    return { old: schemaOf(before), now: schemaOf(after), edits: done };
  });
}

function schemaOf({ keys, timestamp, created, features }: Shape): EventSchema {
  const entities = Object.entries(keys).map(([name, type]) => ({ name, joinKey: name, type, description: '' }));
  const view = {
    entities: entities.map(({ name }) => name),
    batch: { timestamp, created: created ? 'ingested_at' : null },
    features: Object.entries(features).map(([name, each]) => ({ name, description: '', max: null, ...each })),
  };
  return eventSchema(view as unknown as FeatureView, { entities } as unknown as Ir);
}

/** Which events a schema takes that another refuses. */
import { named } from '../../ir/look-up.ts';
import type { Ir } from '../../ir/types.ts';
import type { Pair } from '../change-rule.ts';
import { eventSchema, streamed } from './topics.ts';

export type EventSchema = ReturnType<typeof eventSchema>;

interface Topic {
  topic: string;
  before: EventSchema;
  after: EventSchema;
}

/** The topics, streamed before and after, whose events have the changed object in them. */
export function topicsOf({ of, before, after, base, head }: Pair<'feature' | 'feature_view' | 'entity'>): Topic[] {
  if (base === null) return [];
  const holds = (view: Ir['featureViews'][number]): boolean => {
    if (of === 'entity') return view.entities.includes(after.name);
    return view.address === after.address || view.features.some(({ address }) => address === after.address);
  };
  return streamed(head)
    .filter(holds)
    .flatMap((view) => {
      const old = streamed(base).find((each) => each.stream.topic === view.stream.topic);
      if (!old || (of === 'entity' && !named(base.entities, before.name))) return [];
      return [{ topic: view.stream.topic, before: eventSchema(old, base), after: eventSchema(view, head) }];
    });
}

/** Why the new schema refuses an event that the old one takes; empty where it takes each of them. */
export function refusals(old: EventSchema, now: EventSchema): string[] {
  const missed = now.required
    .filter((name) => !old.required.includes(name))
    .map((name) => `they need not have ${name}`);
  const narrowed = Object.entries(now.properties).flatMap(([name, schema]) => {
    const was = old.properties[name];
    return was && !takesAll(schema, was) ? [`${name} may be ${said(was)}, and must be ${said(schema)}`] : [];
  });
  return [...missed, ...narrowed];
}

type Property = EventSchema['properties'][string];

/** Whether each value of `was` is one of `schema`. */
function takesAll(schema: Property, was: Property): boolean {
  const types = typesOf(schema);
  const takes = (type: string) => types.includes(type) || (type === 'integer' && types.includes('number'));
  if (!typesOf(was).every(takes)) return false;
  if (schema.format !== undefined && schema.format !== was.format) return false;
  return (
    (schema.minimum === undefined || (was.minimum ?? Number.NEGATIVE_INFINITY) >= schema.minimum) &&
    (schema.maximum === undefined || (was.maximum ?? Number.POSITIVE_INFINITY) <= schema.maximum)
  );
}

const typesOf = ({ type }: Property): readonly string[] => (typeof type === 'string' ? [type] : type);

function said(schema: Property): string {
  const size = schema.maximum === undefined ? '' : ' of 32 bits';
  const form = schema.format === undefined ? '' : ` (${schema.format})`;
  return `${typesOf(schema).join(' or ')}${size}${form}`;
}

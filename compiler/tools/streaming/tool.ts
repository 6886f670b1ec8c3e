import { named } from '../../ir/look-up.ts';
import { CONTAINER_PORT } from '../../ir/parts.ts';
import type { Environment, FeatureView, Ir, StreamConsumer } from '../../ir/types.ts';
import { json } from '../../render/json.ts';
import type { Artifact, Tool } from '../tool.ts';

/** What the consumer of a streamed view is told; Kafka's own side is the target `kafka`. */
export const streaming = {
  name: 'streaming',
  emitCommon: (ir) => ir.featureViews.flatMap((view) => contract(view, ir)),
  emitEnvironment: (_, environment) => environment.consumers.map((consumer) => endpoint(consumer, environment)),
} satisfies Tool;

function contract(view: FeatureView, ir: Ir): Artifact[] {
  const { stream, batch } = view;
  if (!stream) return [];
  const content = json({
    view: view.name,
    topic: stream.topic,
    dead_letter_topic: stream.deadLetterTopic,
    group: stream.consumerGroup,
    partitions: stream.partitions,
    keyed: stream.keyed,
    retention_seconds: stream.retentionSeconds,
    table: batch.table,
    key: view.entities.map((entity) => keyOf(entity, ir)),
    timestamp: batch.timestamp,
    created: batch.created,
    features: view.features.map(({ name, type, min, max }) => ({ name, type, min, max })),
  });
  return [{ path: `common/streaming/${view.name}.json`, content, origin: view.origin.file }];
}

function keyOf(name: string, ir: Ir) {
  const entity = named(ir.entities, name);
  if (!entity) throw new Error(`the entity ${name} is not in the IR`);
  return { name: entity.joinKey, type: entity.type };
}

function endpoint({ view, port }: StreamConsumer, { name, runtime, host, origin }: Environment): Artifact {
  const content = json(runtime === 'compose' ? { view, host: '0.0.0.0', port: CONTAINER_PORT } : { view, host, port });
  return { path: `${name}/streaming/${view}.json`, content, origin: origin.file };
}

import { named } from '../../ir/look-up.ts';
import { stream as metrics } from '../../ir/metrics.ts';
import type { FeatureView, Ir, StreamConsumer } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { json } from '../../render/json.ts';
import type { Site } from '../host.ts';
import type { Tool } from '../tool.ts';
import { streamFile } from './rules.ts';
import { workloads } from './workloads.ts';

/** The contract of a streamed view's consumer; Kafka's own side is the tool `kafka`. */
export const streaming = {
  name: 'streaming',
  emitCommon: (ir) => ir.featureViews.flatMap((view) => contract(view, ir)),
  emitEnvironment: (site) => site.environment.consumers.map((consumer) => endpoint(consumer, site)),
  workloads,
  logs: 'stream-*.log',
  metrics: { job: 'stream', families: Object.values(metrics), targetLabels: ['view'] },
  rules: (ir) => ir.featureViews.filter(({ stream }) => stream !== null).map(streamFile),
  containers: ({ streams }) => streams.map((view) => `stream-${view}`),
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
    ttl_seconds: view.ttlSeconds,
    table: batch.table,
    key: view.entities.map((entity) => keyOf(entity, ir)),
    timestamp: batch.timestamp,
    created: batch.created,
    on_failure: view.quality.onFailure,
    features: view.features.map(({ name, type, min, max }) => ({ name, type, min, max })),
  });
  return [{ path: `common/streaming/${view.name}.json`, content, origin: view.origin.file }];
}

function keyOf(name: string, ir: Ir) {
  const entity = named(ir.entities, name);
  if (!entity) throw new Error(`the entity ${name} is not in the IR`);
  return { name: entity.joinKey, type: entity.type };
}

function endpoint({ view, port }: StreamConsumer, { environment, host }: Site): Artifact {
  const content = json({ view, ...host.listen(port) });
  return { path: `${environment.name}/streaming/${view}.json`, content, origin: environment.origin.file };
}

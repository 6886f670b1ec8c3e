/** Resolved specs without errors become the IR: sorted, with all defaults. */
import { byText } from '../diagnostics/diagnostic.ts';
import { address } from '../ir/address.ts';
import type { Connection, Entity, FeatureView, Ir, Platform, Stream } from '../ir/types.ts';
import { type Declared, entitiesOf, joinKeyOf, tableOf, topicOf } from '../link/declared.ts';
import { consumerGroup, deadLetterTopic } from '../link/derived-names.ts';
import { type Graph, ownerOf, timezoneOf } from '../link/graph.ts';
import { exactAt } from '../resolve/exact.ts';
import { originOf } from '../resolve/origins.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import { sorted, sortedEntries, sortedRecord } from '../resolve/sorted.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { fraction, optional, seconds } from '../spec-schema/units.ts';
import { deprecationOf } from './deprecation.ts';
import { lowerEnvironments } from './environments.ts';
import { lowerModel } from './models.ts';
import { lowerMonitoring } from './monitoring.ts';
import { lowerTables } from './tables.ts';

export function lower(graph: ResolvedGraph): Ir {
  const featureViews = sorted(graph.views).map((view) => lowerView(view, graph));
  const models = sorted(graph.models).map((model) => lowerModel(model, graph, featureViews));
  return {
    irVersion: 1,
    platform: lowerPlatform(graph),
    connections: lowerConnections(graph),
    entities: sorted(graph.entities).map((entity) => lowerEntity(entity, graph)),
    tables: lowerTables(graph),
    featureViews,
    models,
    pipelines: [...graph.resolved.values()].map(({ pipeline }) => pipeline).sort((a, b) => byText(a.name, b.name)),
    environments: lowerEnvironments(graph, models),
    ...lowerMonitoring(graph),
  };
}

const commonFields = (declared: Declared<Kind>, graph: Graph) => ({
  name: declared.name,
  description: (declared.value as { description?: string }).description ?? '',
  owner: ownerOf(declared, graph),
  tags: sortedRecord((declared.value as { tags?: Record<string, string> }).tags),
  origin: originOf(declared),
});

function lowerPlatform(graph: Graph): Platform {
  const { platform } = graph;
  return {
    address: address.platform(platform.value.name),
    name: platform.value.name,
    description: platform.value.description ?? '',
    timezone: timezoneOf(graph),
    carriesRuntime: graph.carriesRuntime,
    origin: originOf(platform),
    owners: sortedEntries(platform.value.owners).map(([name, { email, slack, github }]) => ({
      address: address.owner(name),
      origin: originOf(platform, 'owners', name),
      name,
      email: email ?? null,
      slack: slack ?? null,
      github: github ?? null,
    })),
  };
}

function lowerConnections({ platform }: Graph): Connection[] {
  return sortedEntries(platform.value.connections).map(([name, settings]) => {
    const connection: Connection = {
      address: address.connection(name),
      origin: originOf(platform, 'connections', name),
      name,
      settings: {},
      secrets: {},
    };
    for (const [key, value] of sortedEntries(settings)) {
      if (typeof value === 'object') connection.secrets[key] = value.secret;
      else connection.settings[key] = exactAt(platform, 'connections', name, key) as typeof value;
    }
    return connection;
  });
}

function lowerEntity(entity: Declared<'Entity'>, graph: Graph): Entity {
  return {
    address: address.entity(entity.name),
    ...commonFields(entity, graph),
    joinKey: joinKeyOf(entity),
    type: entity.value.type,
  };
}

function lowerView(view: Declared<'FeatureView'>, graph: Graph): FeatureView {
  const { ttl, freshness, online, batch, quality, features, deprecated } = view.value;
  const maxMissing = quality?.max_missing;
  return {
    address: address.featureView(view.name),
    ...commonFields(view, graph),
    entities: entitiesOf(view),
    ttlSeconds: seconds(ttl),
    freshnessSeconds: freshness === undefined ? null : seconds(freshness),
    deprecated: deprecationOf(deprecated),
    online: online ?? defaults.FeatureView.online,
    // What is known at once has no second time, and Feast takes no column for both.
    batch: {
      table: tableOf(view),
      timestamp: batch.timestamp,
      created: batch.created === undefined || batch.created === batch.timestamp ? null : batch.created,
    },
    stream: lowerStream(view),
    quality: {
      windowSeconds: seconds(quality?.window ?? defaults.FeatureView.quality.window),
      minRows: quality?.min_rows ?? null,
      onFailure: quality?.on_failure ?? defaults.FeatureView.quality.on_failure,
      personal: sortedEntries(features).flatMap(([name, { personal, mask }]) => (personal || mask ? [name] : [])),
    },
    features: sortedEntries(features).map(([name, feature]) => ({
      address: address.feature(view.name, name),
      name,
      type: feature.type,
      description: feature.description ?? '',
      unit: feature.unit ?? null,
      windowSeconds: feature.window === undefined ? null : seconds(feature.window),
      min: feature.min ?? null,
      max: feature.max ?? null,
      maxMissing: optional(feature.max_missing ?? maxMissing, fraction),
      deprecated: deprecationOf(feature.deprecated, view.name),
      tags: sortedRecord(feature.tags),
      origin: originOf(view, 'features', name),
    })),
  };
}

function lowerStream(view: Declared<'FeatureView'>): Stream | null {
  if (!view.value.stream) return null;
  const stream = { ...defaults.FeatureView.stream, ...view.value.stream };
  const topic = topicOf(view);
  return {
    address: address.stream(view.name),
    origin: originOf(view, 'stream'),
    topic,
    deadLetterTopic: stream.dead_letter ? deadLetterTopic(topic) : null,
    consumerGroup: consumerGroup(view.name),
    partitions: stream.partitions,
    retentionSeconds: seconds(stream.retention),
    replication: stream.replication,
    minInSync: stream.min_in_sync,
    cleanup: stream.cleanup,
    keyed: stream.keyed,
  };
}

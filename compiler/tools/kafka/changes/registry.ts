import type { ChangeRule } from '../../change-rule.ts';
import { rule as cleanup } from './cleanup.ts';
import { rule as consumerGroup } from './consumer-group.ts';
import { rule as deadLetters } from './dead-letters.ts';
import { rule as fewerPartitions } from './fewer-partitions.ts';
import { rule as inSync } from './in-sync.ts';
import { rule as keyed } from './keyed.ts';
import { rule as morePartitions } from './more-partitions.ts';
import { rule as morePartitionsKeyed } from './more-partitions-keyed.ts';
import { rule as replication } from './replication.ts';
import { rule as retentionLonger } from './retention-longer.ts';
import { rule as retentionShorter } from './retention-shorter.ts';
import { rule as schema } from './schema.ts';
import { rule as schemaForward } from './schema-forward.ts';
import { rule as streamAdded } from './stream-added.ts';
import { rule as streamRemoved } from './stream-removed.ts';
import { rule as topicRenamed } from './topic-renamed.ts';

export const changes: readonly ChangeRule[] = [
  cleanup,
  consumerGroup,
  deadLetters,
  fewerPartitions,
  inSync,
  keyed,
  morePartitions,
  morePartitionsKeyed,
  replication,
  retentionLonger,
  retentionShorter,
  schema,
  schemaForward,
  streamAdded,
  streamRemoved,
  topicRenamed,
];

import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, topicOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  KAF005: {
    severity: 'error',
    judgement: true,
    title: 'More copies than brokers',
    why: 'The topic cannot be created, or nothing can be sent to it.',
    example: 'stream: {replication: 3} with one broker',
    fix: 'Lower `replication` and `min_in_sync`.',
  },
  KAF006: {
    severity: 'error',
    judgement: true,
    title: 'A compacted topic without keys',
    why: 'Kafka keeps the newest event of each key, and refuses events that have none.',
    example: 'stream: {cleanup: compact, keyed: false}',
    fix: 'Give events their keys, or set `cleanup: delete`.',
  },
  KAF007: {
    severity: 'warning',
    title: 'No dead-letter topic',
    why: 'One invalid record stops the stream until somebody removes it.',
    example: 'stream: {dead_letter: false}',
    fix: 'Remove `dead_letter: false`.',
  },
});

/** Topics can be created as stated, and one bad record does not stop them. */
export const topics: Check = {
  codes,
  run: (graph) =>
    [...graph.views.values()].flatMap((view) => [...copies(graph, view), ...compaction(view), ...deadLetters(view)]),
};

/** An environment with servers runs one broker. */
const BROKERS = 1;

function copies({ platform }: Graph, view: Declared<'FeatureView'>): Finding[] {
  const { replication, min_in_sync } = { ...defaults.FeatureView.stream, ...view.value.stream };
  const [environment] =
    Object.entries(platform.value.environments).find(([, { stores }]) => stores === 'servers') ?? [];
  const tooMany =
    environment !== undefined && replication > BROKERS
      ? [
          finding(
            'KAF005',
            valueAt(view, 'stream', 'replication'),
            `The topic of ${view.name} needs ${replication} copies; environment ${environment} has ${BROKERS} broker.`,
            {
              fix: { title: 'set it to 1', safe: true, edits: [{ from: null, to: '1' }] },
              help: 'set it to 1, or remove it',
            },
          ),
        ]
      : [];
  if (min_in_sync <= replication) return tooMany;
  return [
    ...tooMany,
    finding(
      'KAF005',
      valueAt(view, 'stream', 'min_in_sync'),
      `An event of ${view.name} counts as sent when ${min_in_sync} copies are written, but the topic has only ` +
        `${replication}: nothing can be sent.`,
      {
        help: `set it to at most ${replication}`,
        fix: { title: `set it to ${replication}`, safe: true, edits: [{ from: null, to: String(replication) }] },
      },
    ),
  ];
}

function compaction(view: Declared<'FeatureView'>): Finding[] {
  const { cleanup, keyed } = view.value.stream ?? {};
  if (cleanup !== 'compact' || keyed !== false) return [];
  return [
    finding(
      'KAF006',
      valueAt(view, 'stream', 'cleanup'),
      `The topic of ${view.name} keeps the newest event per key, but its events have no keys: Kafka refuses them.`,
      {
        help: 'remove `keyed: false`, or set `cleanup: delete`',
        related: [{ message: 'keys are switched off here', at: valueAt(view, 'stream', 'keyed') }],
      },
    ),
  ];
}

function deadLetters(view: Declared<'FeatureView'>): Finding[] {
  if (view.value.stream?.dead_letter !== false) return [];
  return [
    finding(
      'KAF007',
      valueAt(view, 'stream', 'dead_letter'),
      `One invalid record in ${topicOf(view)} stops the stream of ${view.name}, which has no dead-letter topic.`,
      { help: 'remove `dead_letter: false`' },
    ),
  ];
}

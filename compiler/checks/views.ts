import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, keyAt, valueAt } from '../link/declared.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  FEA004: {
    severity: 'warning',
    title: 'A 32-bit join key',
    why: 'Over HTTP it becomes a 64-bit integer, and is looked up as a different key.',
    example: 'kind: Entity with type: int32',
    fix: 'Use `type: int64`.',
  },
  FEA006: {
    severity: 'warning',
    title: 'No created timestamp',
    why: 'Rows that arrived late leak into training rows for a time when they were not known yet.',
    example: 'batch: {timestamp: observed_at}',
    fix: 'Add `created:`, the column with the time at which the row became known.',
  },
});

/** The timestamps and keys of a feature view make sense. */
export const views: Check = {
  codes,
  run: ({ views: all, entities }) => [
    ...[...entities.values()].filter(({ value }) => value.type === 'int32').map(narrowKey),
    ...[...all.values()].flatMap(noCreated),
  ],
};

function noCreated(view: Declared<'FeatureView'>): Finding[] {
  if (view.value.batch.created !== undefined) return [];
  return [
    finding(
      'FEA006',
      keyAt(view, 'batch'),
      `Feature view ${view.name} has no created timestamp, so rows that arrive late leak into training.`,
      { help: 'add `created:`, the column with the time at which the row became known' },
    ),
  ];
}

const narrowKey = (entity: Declared<'Entity'>) =>
  finding(
    'FEA004',
    valueAt(entity, 'type'),
    `The join key of entity ${entity.name} has 32 bits, but integers that come over HTTP have 64.`,
    {
      help: 'use `int64`',
    },
  );

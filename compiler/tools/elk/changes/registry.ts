import type { ChangeRule } from '../../change-rule.ts';
import { rule as logIndexAdded } from './log-index-added.ts';
import { rule as logIndexPattern } from './log-index-pattern.ts';
import { rule as logIndexRemoved } from './log-index-removed.ts';
import { rule as logIndexRenamed } from './log-index-renamed.ts';
import { rule as logInput } from './log-input.ts';

export const changes: readonly ChangeRule[] = [
  logIndexAdded,
  logIndexPattern,
  logIndexRemoved,
  logIndexRenamed,
  logInput,
];

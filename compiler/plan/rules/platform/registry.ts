import type { ChangeRule } from '../../../tools/change-rule.ts';
import { rule as connectionAdded } from './connection-added.ts';
import { rule as connectionRemoved } from './connection-removed.ts';
import { rule as connectionRenamed } from './connection-renamed.ts';
import { rule as connectionSecret } from './connection-secret.ts';
import { rule as connectionSettings } from './connection-settings.ts';
import { rule as description } from './description.ts';
import { rule as ownerAdded } from './owner-added.ts';
import { rule as ownerAsked } from './owner-asked.ts';
import { rule as ownerChanged } from './owner-changed.ts';
import { rule as ownerReached } from './owner-reached.ts';
import { rule as ownerRemoved } from './owner-removed.ts';
import { rule as ownerRenamed } from './owner-renamed.ts';
import { rule as platformAdded } from './platform-added.ts';
import { rule as platformRenamed } from './platform-renamed.ts';
import { rule as platformRuntime } from './platform-runtime.ts';
import { rule as platformTimezone } from './platform-timezone.ts';
import { rule as tags } from './tags.ts';

export const platform: readonly ChangeRule[] = [
  connectionAdded,
  connectionRemoved,
  connectionRenamed,
  connectionSecret,
  connectionSettings,
  description,
  ownerAdded,
  ownerAsked,
  ownerChanged,
  ownerReached,
  ownerRemoved,
  ownerRenamed,
  platformAdded,
  platformRenamed,
  platformRuntime,
  platformTimezone,
  tags,
];

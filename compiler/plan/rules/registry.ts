/** Every rule of the plan; a file each. Rules that only one tool needs stand in its folder. */

import type { ChangeRule } from '../../tools/change-rule.ts';
import { tools } from '../../tools/registry.ts';
import { rule as featureNarrowed } from './feature-narrowed.ts';
import { rule as featureType } from './feature-type.ts';
import { rule as featureTypeUnused } from './feature-type-unused.ts';

export const rules: readonly ChangeRule[] = [
  featureType,
  featureTypeUnused,
  featureNarrowed,
  ...tools.flatMap((tool) => tool.changes ?? []),
];

import type { ChangeRule } from '../../../tools/change-rule.ts';
import { rule as announced } from './announced.ts';
import { rule as broughtForward } from './brought-forward.ts';
import { rule as eased } from './eased.ts';
import { rule as goneTooSoon } from './gone-too-soon.ts';
import { rule as goneTooSoonUnused } from './gone-too-soon-unused.ts';
import { rule as modelGone } from './model-gone.ts';

export const deprecations: readonly ChangeRule[] = [
  announced,
  broughtForward,
  eased,
  goneTooSoon,
  goneTooSoonUnused,
  modelGone,
];

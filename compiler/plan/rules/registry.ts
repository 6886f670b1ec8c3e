/** Every rule of the plan, a file each. What only one tool needs stands in its folder. */
import { byText } from '../../diagnostics/diagnostic.ts';
import type { ChangeRule } from '../../tools/change-rule.ts';
import { tools } from '../../tools/registry.ts';
import { deprecations } from './deprecations/registry.ts';
import { environments } from './environments/registry.ts';
import { features } from './features/registry.ts';
import { models } from './models/registry.ts';
import { monitoring } from './monitoring/registry.ts';
import { pipelines } from './pipelines/registry.ts';
import { platform } from './platform/registry.ts';
import { serving } from './serving/registry.ts';

const own = [
  ...deprecations,
  ...environments,
  ...features,
  ...models,
  ...monitoring,
  ...pipelines,
  ...platform,
  ...serving,
];

/** By code: the order in which a change's verdicts are told. */
export const changeRules: readonly ChangeRule[] = [...own, ...tools.flatMap((tool) => tool.changes ?? [])].sort(
  (a, b) => byText(a.code, b.code),
);

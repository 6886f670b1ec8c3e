/** How long predictions are kept in a model's log. */
import type { Declared } from '../link/declared.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { seconds } from '../spec-schema/units.ts';

const DAY = 86_400;
/** Where neither the spec nor a monitor needs more. */
const KEPT_DAYS = 92;

/** Seconds that a monitor looks back; a prediction's label comes the horizon later, and its window begins then. */
export function reachOf({ value }: Declared<'Model'>, monitor: 'drift' | 'quality'): number {
  const window = value.monitoring?.[monitor]?.window ?? defaults.Model.monitoring[monitor].window;
  const { horizon } = value.label;
  return seconds(window) + (monitor === 'quality' && horizon !== undefined ? seconds(horizon) : 0);
}

/** As files are deleted. */
export const wholeDays = (count: number): number => Math.ceil(count / DAY);

/** In days; a label may come a day late (`monitoring/models.py`). */
export function keptDays(model: Declared<'Model'>): number {
  const stated = model.value.monitoring?.log?.keep;
  if (stated !== undefined) return wholeDays(seconds(stated));
  return Math.max(KEPT_DAYS, ...(['drift', 'quality'] as const).map((each) => wholeDays(reachOf(model, each)) + 1));
}

/** Values of the spec language that carry a unit. The schema has made sure of their form. */

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

export function seconds(duration: string): number {
  const unit = duration.slice(-1) as keyof typeof SECONDS;
  return Number(duration.slice(0, -1)) * SECONDS[unit];
}

/** `50ms` → 0.05 */
export function latencySeconds(latency: string): number {
  return latency.endsWith('ms') ? Number(latency.slice(0, -2)) / 1000 : Number(latency.slice(0, -1));
}

/** `2g` → 2048 */
export function megabytes(memory: string): number {
  return Number(memory.slice(0, -1)) * (memory.endsWith('g') ? 1024 : 1);
}

/** `2%` → 0.02 */
export function fraction(percent: string): number {
  return Number((Number(percent.slice(0, -1)) / 100).toPrecision(12));
}

/** 5400 → `1h 30m`; for messages. */
export function spoken(count: number): string {
  const parts: string[] = [];
  let left = count;
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const whole = Math.floor(left / SECONDS[unit]);
    if (whole > 0) parts.push(`${whole}${unit}`);
    left -= whole * SECONDS[unit];
  }
  return parts.join(' ') || '0s';
}

/** 5400 → `90m`, in the largest unit that divides it: one number and its unit, as specs and PromQL write it. */
export function duration(count: number): string {
  for (const unit of ['w', 'd', 'h', 'm'] as const) {
    if (count % SECONDS[unit] === 0 && count >= SECONDS[unit]) return `${count / SECONDS[unit]}${unit}`;
  }
  return `${count}s`;
}

/** `convert(value)`, or null where nothing is stated. */
export const optional = <T, R>(value: T | undefined, convert: (value: T) => R): R | null =>
  value === undefined ? null : convert(value);

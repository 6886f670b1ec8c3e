const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

export const isDuration = (text: string): boolean => /^(\d+(ms|[smhdwy]))+$/.test(text);

/** Of Prometheus' spelling, such as `1h30m` or `120s`. */
export function seconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit ?? ''] ?? 0), 0);
}

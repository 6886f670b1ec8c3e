import { readFileSync } from 'node:fs';
import { markedProcesses } from './process-table.ts';

/** Proportional set size in bytes: shared pages are divided among those who share them, so sums are honest. */
export function proportionalMemory(pid: number): number {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0; // ended meanwhile
  }
}

/** Bytes by entry of processes.json, children included; null where the system does not tell (no /proc). */
export function memoryByUnit(state: string): Map<string, number> | null {
  const marked = markedProcesses(state);
  if (marked.length === 0) return null;
  const sums = new Map<string, number>();
  for (const { pid, unit } of marked) sums.set(unit, (sums.get(unit) ?? 0) + proportionalMemory(pid));
  return sums;
}

export function totalMemory(state: string): number {
  return [...(memoryByUnit(state)?.values() ?? [])].reduce((sum, bytes) => sum + bytes, 0);
}

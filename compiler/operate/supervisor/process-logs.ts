/** What processes have written lately, and go on writing. */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shown } from '../../diagnostics/shown.ts';
import { isFolder, isMissing } from '../machine/files.ts';
import type { Workspace } from '../workspace.ts';
import { readRecord } from './run-state.ts';

export interface ProcessLog {
  process: string;
  file: string;
  lines: string[];
}

/** No more of a file is read for its newest lines. */
const TAIL_BYTES = 512 * 1024;
const LOOKS = 300;

/** Name → file: of what runs or ran last, and of other work that left a log, such as installations. */
export function logFiles(workspace: Workspace): Map<string, string> {
  const units = readRecord(workspace)?.units ?? [];
  const named = units.map(({ name, log }) => [name, log] as const);
  return new Map([...logsBelow(workspace.logs), ...named]);
}

/** Of what runs, or without a record all that is there. */
export function processesWithLogs(workspace: Workspace): string[] {
  const units = readRecord(workspace)?.units.filter(({ kind }) => kind === 'process') ?? [];
  return units.length > 0 ? units.map(({ name }) => name) : [...logFiles(workspace).keys()];
}

function logsBelow(folder: string): [string, string][] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .sort()
      .map((name) => [name.slice(0, -'.log'.length), join(folder, name)]);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The newest lines, fit for a terminal. */
export function newestLines(file: string, count: number): string[] {
  if (isFolder(file)) return [`(a folder stands where its log belongs; the next start moves it to ${file}.damaged)`];
  const { text, isWhole } = partOf(file, (size) => Math.max(0, size - TAIL_BYTES));
  const lines = text.replace(/\n$/, '').split('\n');
  const whole = isWhole ? lines : lines.slice(1);
  return (text === '' ? [] : whole).slice(-count).map(shown);
}

function partOf(file: string, from: (size: number) => number): { text: string; isWhole: boolean; end: number } {
  let handle: number;
  if (isFolder(file)) return { text: '', isWhole: true, end: 0 };
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    if (isMissing(error)) return { text: '', isWhole: true, end: 0 };
    throw error;
  }
  try {
    const { size } = fstatSync(handle);
    const start = from(size);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    const read = readSync(handle, bytes, 0, bytes.length, start);
    return { text: bytes.subarray(0, read).toString('utf8'), isWhole: start === 0, end: start + read };
  } finally {
    closeSync(handle);
  }
}

/** Says each new whole line until the process ends; a file that is begun again is read from its start. */
export async function followLogs(
  logs: readonly Pick<ProcessLog, 'process' | 'file'>[],
  say: (process: string, line: string) => void,
): Promise<never> {
  const followed = logs.map(({ process, file }) => ({ process, file, at: partOf(file, (size) => size).end, rest: '' }));
  for (;;) {
    for (const log of followed) {
      const { text, end } = partOf(log.file, (size) => (size < log.at ? 0 : log.at));
      const lines = `${end < log.at ? '' : log.rest}${text}`.split('\n');
      log.at = end;
      log.rest = lines.pop() ?? '';
      for (const line of lines) say(log.process, shown(line));
    }
    await sleep(LOOKS);
  }
}

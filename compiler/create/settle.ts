/** New files beside the rest of a repository: compiled together, with what nobody reads yet marked as such. */
import { type Analysis, analyse } from '../compile.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import type { Sources } from '../source/read.ts';
import type { Files } from './wanted.ts';

export interface Repository {
  sources: Sources;
  analysis: Analysis;
  graph: ResolvedGraph;
  today: string;
}

export interface Settled {
  files: Files;
  /** Files that were there, without the comments of `mlops new` that have had their day. */
  changed: Files;
  /** Wishes of the organisation's own rules, which only a person can fulfil. */
  left: Finding[];
}

/** What is new has no reader: its comment ends by itself when somebody does read it. */
const UNREAD = /^(FEA015|PIP002)$/;
const REASON = 'because it is new, and nothing reads it yet';
const DAYS = 90;

/** The files as they can be written, or the findings that they would bring. */
export function settle(files: Files, { sources, analysis, today }: Repository): Settled | Finding[] {
  const before = new Set(analysis.findings.map(identity));
  const fresh = (changes: Files): Finding[] =>
    analyse(withFiles(sources, changes), today).findings.filter((each) => !before.has(identity(each)));
  const marked = new Map(files);
  for (const each of fresh(files).sort((a, b) => b.at.line - a.at.line)) {
    const text = marked.get(each.at.file);
    if (text !== undefined && UNREAD.test(each.code)) marked.set(each.at.file, withComment(text, each, today));
  }
  const changed = new Map<string, string>();
  for (const { code, at } of fresh(marked).sort((a, b) => b.at.line - a.at.line)) {
    if (code !== 'SUP002' || marked.has(at.file)) continue;
    const text = changed.get(at.file) ?? textOf(sources, at.file);
    const rows = text.split('\n');
    if (rows[at.line - 1]?.trimEnd().endsWith(REASON)) changed.set(at.file, rows.toSpliced(at.line - 1, 1).join('\n'));
  }
  const left = fresh(new Map([...marked, ...changed]));
  return left.every(({ rule }) => rule) ? { files: marked, changed, left } : left;
}

const identity = ({ code, at, message }: Finding): string => JSON.stringify([code, at.file, message]);

function withComment(text: string, { code, at }: Finding, today: string): string {
  const rows = text.split('\n');
  const indent = /^ */.exec(rows[at.line - 1] ?? '')?.[0] ?? '';
  return rows.toSpliced(at.line - 1, 0, `${indent}# mlops: ignore ${code} until ${later(today)} ${REASON}`).join('\n');
}

function later(today: string): string {
  return new Date(Date.parse(`${today}T00:00:00Z`) + DAYS * 86_400_000).toISOString().slice(0, 10);
}

const textOf = ({ specs }: Sources, path: string): string =>
  new TextDecoder().decode(specs.find((each) => each.path === path)?.bytes);

/** The sources with these texts in place of what was there. */
export function withFiles(sources: Sources, files: Files): Sources {
  const yaml = [...files].filter(([path]) => path.endsWith('.yaml'));
  const python = [...files].filter(([path]) => path.endsWith('.py'));
  const specs = [
    ...sources.specs.filter(({ path }) => !files.has(path)),
    ...yaml.map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text), refused: null })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ...sources, specs, code: new Map([...sources.code, ...python]) };
}

/**
 * A case is one text file: a sentence, edits of the base repository, and what `mlops validate`
 * prints for the result.
 *
 *     # An unknown key is named with its nearest neighbour.
 *     edit features/clicks.yaml        (each "- " line is replaced by the "+ " lines that follow)
 *     - ttl: 7d
 *     + tttl: 7d
 *     write features/new.yaml          (the "| " lines that follow)
 *     bytes features/new.yaml fffe     (these bytes)
 *     delete features/clicks.yaml
 *     today 2027-02-01                 (the day on which it is validated)
 *     expect
 *     …
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../catalog.ts';
import { analyse } from '../compile.ts';
import { printText } from '../diagnostics/print-text.ts';
import { readSources, type Sources } from '../source/read.ts';

export const CASES = join(import.meta.dirname, 'cases');
export const BASE = join(import.meta.dirname, 'base');

/** Need a real file system (`cli.test.ts`), many models (`resolve/ports.test.ts`), megabytes (`python.test.ts`). */
export const ELSEWHERE = ['YML008', 'PLT014', 'PYT002', 'FEA013'];

export interface Case {
  name: string;
  sentence: string;
  /** All up to and including the line `expect`. */
  head: string;
  expected: string;
}

export function readCases(): Case[] {
  return readdirSync(CASES)
    .sort()
    .map((name) => {
      const text = readFileSync(join(CASES, name), 'utf8');
      const at = text.indexOf('\nexpect\n') + '\nexpect\n'.length;
      return {
        name,
        sentence: (text.split('\n')[0] ?? '').replace(/^# /, ''),
        head: text.slice(0, at),
        expected: text.slice(at),
      };
    });
}

type Files = Map<string, Uint8Array>;

const asFiles = (sources: Sources): Files =>
  new Map([
    ...sources.specs.map(({ path, bytes }) => [path, bytes] as const),
    ...[...sources.code].map(([path, text]) => [path, Buffer.from(text)] as const),
  ]);

const asSources = (files: Files): Sources => ({
  specs: [...files].filter(([path]) => /\.ya?ml$/.test(path)).map(([path, bytes]) => ({ path, bytes, refused: null })),
  code: new Map(
    [...files].filter(([path]) => path.endsWith('.py')).map(([path, bytes]) => [path, Buffer.from(bytes).toString()]),
  ),
  unreadCode: new Map(),
  locks: new Map(
    [...files].filter(([path]) => path.endsWith('.lock')).map(([path, bytes]) => [path, Buffer.from(bytes).toString()]),
  ),
  carriesRuntime: false,
});

/** The base repository with the edits of a case. */
export function sourcesOf({ head, name }: Case, base: Sources = readSources(BASE)): Sources {
  const files = asFiles(base);
  for (const block of head.split(/\n(?=edit |write |bytes |delete |today |expect)/).slice(1)) apply(block, files, name);
  return asSources(files);
}

/** The day on which it is validated; undefined where none matters. */
export const dayOf = ({ head }: Case): string | undefined => /^today (.+)$/m.exec(head)?.[1];

/** What `mlops validate` prints for a case. */
export function run(each: Case, base?: Sources): string {
  const { findings, texts } = analyse(sourcesOf(each, base), dayOf(each));
  return findings.length === 0
    ? 'no findings\n'
    : printText(findings, { color: false, catalog, textOf: (file) => texts.get(file) });
}

function apply(block: string, files: Files, name: string): void {
  const [command = '', ...lines] = block.trimEnd().split('\n');
  const verb = command.slice(0, command.indexOf(' '));
  const rest = command.slice(verb.length + 1);
  const [path = '', words = ''] = verb === 'bytes' ? rest.split(' ') : [rest];
  const marked = (mark: string) => lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));
  if (verb === 'write')
    files.set(
      path,
      Buffer.from(
        marked('|')
          .map((line) => `${line}\n`)
          .join(''),
      ),
    );
  else if (verb === 'bytes') files.set(path, Buffer.from(words, 'hex'));
  else if (verb === 'delete') files.delete(path);
  else if (verb === 'edit')
    files.set(path, Buffer.from(edited(Buffer.from(files.get(path) ?? []).toString(), block, name)));
}

function edited(text: string, block: string, name: string): string {
  let result = text;
  for (const hunk of block
    .split('\n')
    .slice(1)
    .join('\n')
    .split(/\n(?=- )/)) {
    const lines = hunk.split('\n');
    const before = lines
      .filter((line) => line.startsWith('- '))
      .map((line) => line.slice(2))
      .join('\n');
    const after = lines
      .filter((line) => line.startsWith('+'))
      .map((line) => line.slice(2))
      .join('\n');
    if (before === '') continue;
    if (!result.includes(before)) throw new Error(`${name}: the base has no line ${before}`);
    result = result.replace(before, () => after);
  }
  return result;
}

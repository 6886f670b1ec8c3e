/** Pieces of specs and Python that are filled in with names, in quotes where YAML would read them otherwise. */
import type { Graph } from '../link/graph.ts';
import type { Wanted } from './wanted.ts';

/** YAML 1.1, which other tools read by, has words for truth that 1.2 no longer knows. */
const WORDS = /^(null|true|false|yes|no|on|off|y|n)$/;

export const yaml = (name: string): string => (WORDS.test(name) ? `"${name}"` : name);

/** `customer_ticket` as a person says it. */
export const said = (name: string): string => name.replaceAll('_', ' ');

/** Where a spec of its kind stands, in the folder of the team. */
export const folderOf = (root: string, { team }: Pick<Wanted, 'team'>): string =>
  team === null ? root : `${root}/${team}`;

/** The first line of a spec, by which editors know its kind. */
export function schemaLine(path: string, kind: string, { carriesRuntime }: Pick<Graph, 'carriesRuntime'>): string {
  const up = '../'.repeat(path.split('/').length - 1);
  const home = carriesRuntime ? 'compiler' : 'node_modules/mlops-compiler/compiler';
  return `# yaml-language-server: $schema=${up}${home}/spec-schema/${kind}.schema.json`;
}

export const lines = (...all: (string | null)[]): string => `${all.filter((line) => line !== null).join('\n')}\n`;

/** `{a: int64, b: string}` over as many lines as it takes. */
export function flowMap(entries: readonly (readonly [string, string])[], indent: string): string {
  const texts = entries.map(([key, value]) => `${yaml(key)}: ${value}`);
  const rows: string[] = [];
  for (const text of texts) {
    const last = rows.at(-1);
    if (last !== undefined && indent.length + last.length + text.length < 108)
      rows[rows.length - 1] = `${last}, ${text}`;
    else rows.push(text);
  }
  return `{${rows.join(`,\n${indent}`)}}`;
}

/** The first of the names that is not among those taken. */
export const freeName = (taken: Iterable<string>, ...names: string[]): string => {
  const known = new Set(taken);
  return names.find((name) => !known.has(name)) ?? `${names[0]}_2`;
};

/** At the cron's times, or else whenever the table was published. */
export const scheduleLine = (cron: string | null, table: string): string =>
  `schedule: ${cron === null ? `{after: [${yaml(table)}]}` : `{cron: "${cron}"}`}`;

/**
 * `.github/CODEOWNERS` from the owners of specs. In it the last line that matches a path decides: so first the default,
 * then folders that are called like a team, then specs with the code beside them, then what is generated from them.
 */

import type { Declared } from '../link/declared.ts';
import { type Graph, ownerOf } from '../link/graph.ts';
import type { Artifact } from '../render/artifact.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { GENERATED } from '../write/folder.ts';

export const CODEOWNERS = '.github/CODEOWNERS';

/** What stands above this line is a team's own, and kept. */
export const MARK = '# From here on written by `mlops codeowners`, which replaces it.';

const HEADINGS = {
  default: 'whoever answers for what is nobody else’s',
  folders: 'folders of teams',
  specs: 'specs of teams, with the code beside them',
  generated: 'what is generated from them',
};

export interface Codeowners {
  text: string;
  /** Owners that have something, and no `github`. */
  unknown: string[];
}

/** Null where no owner has a name on GitHub. */
export function codeowners(graph: Graph, artifacts: readonly Artifact[]): Codeowners | null {
  const { owners, defaults } = graph.platform.value;
  const handle = (owner: string): string | undefined => owners[owner]?.github;
  const fallback = handle(defaults?.owner ?? '');
  const specs = graph.declared.filter(({ spec: { kind } }) => kind !== 'Platform');
  const known = new Map(specs.map((each) => [each.spec.path, ownerOf(each, graph)]));
  const lines = (entries: [path: string, owner: string][]): string[] =>
    entries
      .flatMap(([path, owner]) => (handle(owner) && handle(owner) !== fallback ? [[path, handle(owner)] as const] : []))
      .map(([path, name]) => `${pattern(path)} ${name}`)
      .sort();
  const parts = {
    default: fallback ? [`* ${fallback}`] : [],
    folders: lines(folders(specs, graph)),
    // Within a folder of another team the default owner's are named, too.
    specs: placesOf(specs, graph, handle, fallback),
    generated: lines(
      artifacts.flatMap(({ path, origin }) => {
        const owner = known.get(origin ?? '');
        return owner ? [[`${GENERATED}/${path}`, owner] as [string, string]] : [];
      }),
    ),
  };
  if (Object.values(parts).every((each) => each.length === 0)) return null;
  const blocks = (Object.keys(parts) as (keyof typeof parts)[]).filter((key) => parts[key].length > 0);
  return {
    text: `${MARK}\n${blocks.map((key) => `\n# ${HEADINGS[key]}\n${parts[key].join('\n')}\n`).join('')}`,
    unknown: [...new Set(known.values())].filter((owner) => owner !== '' && !handle(owner)).sort(),
  };
}

function folders(specs: readonly Declared<Kind>[], graph: Graph): [string, string][] {
  const found = new Map<string, string>();
  for (const { spec } of specs)
    for (const [index, part] of spec.folder.split('/').entries())
      if (Object.hasOwn(graph.platform.value.owners, part))
        found.set(
          `${spec.folder
            .split('/')
            .slice(0, index + 1)
            .join('/')}/`,
          part,
        );
  return [...found];
}

/** Where a spec's owner is not whom its folder says. */
function placesOf(
  specs: readonly Declared<Kind>[],
  graph: Graph,
  handle: (owner: string) => string | undefined,
  fallback: string | undefined,
): string[] {
  return specs
    .flatMap((each) => {
      const { kind, folder, path } = each.spec;
      const byFolder = folder.split('/').findLast((part) => Object.hasOwn(graph.platform.value.owners, part));
      const inherited = handle(byFolder ?? '') ?? fallback;
      const own = handle(ownerOf(each, graph)) ?? fallback;
      if (own === undefined || own === inherited) return [];
      return [`${pattern(kind === 'Pipeline' || kind === 'Model' ? `${folder}/` : path)} ${own}`];
    })
    .sort();
}

/** From the root; GitHub's patterns cannot say every character, and `?` is any. */
const pattern = (path: string): string => `/${path.replace(/[^A-Za-z0-9._/-]/gu, '?')}`;

/** The file with our part in it, below what a team has written itself. */
export function withPart(text: string | null, part: string): string {
  const at = text?.indexOf(MARK) ?? -1;
  const own = at < 0 ? (text ?? '') : (text ?? '').slice(0, at);
  return own === '' ? part : `${own.replace(/\n*$/, '\n\n')}${part}`;
}

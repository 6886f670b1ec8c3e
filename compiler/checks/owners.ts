import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { type Declared, keyAt, valueAt } from '../link/declared.ts';
import { type Graph, ownerOf } from '../link/graph.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes(
  {
    PLT015: {
      severity: 'error',
      judgement: true,
      title: 'A folder that is called almost like an owner',
      why: 'Specs below a folder called like an owner are theirs; with a typo, their alerts reach the default owner.',
      example: 'owners: {suport: {}} beside features/support/',
      fix: 'Give both the same name, or state `owner:` in the specs.',
    },
  },
  { SPC005: specCodes.SPC005 },
);

/** Every spec that needs an owner has one, and no typo gives it to another. */
export const owners: Check = {
  codes,
  run: (graph) => {
    const owned = graph.declared.filter(({ spec: { kind } }) => kind !== 'Platform' && kind !== 'Policy');
    return [...owned.filter((each) => ownerOf(each, graph) === '').map(unowned), ...misspeltFolders(graph, owned)];
  },
};

const unowned = (each: Declared<Kind>): Finding =>
  finding(
    'SPC005',
    valueAt(each, 'kind'),
    `${each.name} has no owner, its folder names none, and platform.yaml has no default.`,
    { help: "add 'owner:', or 'defaults: {owner: …}' in platform.yaml" },
  );

/** Once per folder: at the owner, if nothing is theirs but what stands there, else at the folder's first spec. */
function misspeltFolders(graph: Graph, owned: readonly Declared<Kind>[]): Finding[] {
  const names = Object.keys(graph.platform.value.owners);
  const used = new Set(owned.map((each) => ownerOf(each, graph)));
  const found = new Map<string, Finding>();
  for (const each of owned.filter(({ value }) => (value as { owner?: string }).owner === undefined)) {
    // The folder of a pipeline or a model has its name, which may well be like an owner's.
    const isOwn = each.spec.kind === 'Pipeline' || each.spec.kind === 'Model';
    const folders = each.spec.folder.split('/').slice(1, isOwn ? -1 : undefined);
    if (folders.some((folder) => names.includes(folder))) continue;
    for (const folder of folders.filter((name) => !found.has(name))) {
      const owner = nearest(folder, names);
      if (owner !== null) found.set(folder, misspelt(graph, each, folder, owner, used.has(owner)));
    }
  }
  return [...found.values()];
}

function misspelt(graph: Graph, each: Declared<Kind>, folder: string, owner: string, isUsed: boolean): Finding {
  const takes = ownerOf(each, graph);
  const whose = takes === '' ? 'nobody' : `'${takes}', the default`;
  return finding(
    'PLT015',
    isUsed ? valueAt(each, 'kind') : keyAt(graph.platform, 'owners', owner),
    `The folder '${folder}' is called almost like the owner '${owner}': what stands in it belongs to ${whose}.`,
    {
      help: `did you mean '${isUsed ? owner : folder}'? Otherwise state \`owner:\` in the specs of the folder`,
      related: isUsed ? [] : [{ message: 'this is the first spec of the folder', at: valueAt(each, 'kind') }],
    },
  );
}

/** Specs whose kind is unknown, lost, or not one that their place may hold. */
import type { Finding } from '../diagnostics/diagnostic.ts';
import { nearest, respelt, spelling } from '../diagnostics/nearest.ts';
import { placeOfKey, placeOfValue } from '../source/locate.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import { finding } from './codes.ts';
import { isKind, type Kind, kinds, kindsAt } from './kinds.ts';
import { folderOf, type Spec } from './spec.ts';
import { shown } from './words.ts';

/** What a spec of an unknown kind was meant to be. */
export const guessKind = (stated: unknown, allowed: Kind[]): Kind => {
  const near = typeof stated === 'string' ? nearest(stated, allowed) : null;
  return isKind(near) ? near : (allowed.at(-1) ?? 'Platform');
};

/** Without its kind nothing else of a spec can be judged, unless its place allows only one. */
export function lostKind(source: ParsedSpec, allowed: Kind[]): Finding | null {
  const slip = Object.keys(source.value as object).find((key) => nearest(key, ['kind']) !== null);
  if (slip !== undefined)
    return finding('SPC003', placeOfKey(source, [slip]), `Unknown key '${slip}' in the spec.`, respelt(slip, 'kind'));
  return allowed.length === 1
    ? null
    : finding('SPC005', placeOfValue(source, []), "The spec lacks the required key 'kind'.", {
        help: `add 'kind: ${allowed.join("' or 'kind: ")}'`,
      });
}

export function unknownKind(source: ParsedSpec, stated: unknown): Finding {
  const names = Object.keys(kinds);
  return finding('SPC001', placeOfValue(source, ['kind']), `There is no kind ${shown(stated)}.`, {
    ...(typeof stated === 'string'
      ? spelling(stated, names, `the kinds are ${names.join(', ')}`)
      : { help: `the kinds are ${names.join(', ')}` }),
  });
}

const article = (kind: Kind): string => (kind === 'Entity' ? 'An' : 'A');

const SPEC_FILES = ['pipeline.yaml', 'model.yaml', 'platform.yaml'];

/** YAML files that are not specs are the team's own business, unless they look like a misplaced spec. */
export function misplaced(source: ParsedSpec, stated: unknown, specFolders: ReadonlySet<string>): Finding[] {
  const spelt = source.path.replace(/\.ya?ml$/i, '.yaml');
  if (spelt !== source.path && kindsAt(spelt).length > 0)
    return [
      finding(
        'SPC002',
        placeOfValue(source, ['kind']),
        `The name of a spec ends in .yaml; this file is ${source.path}.`,
        {
          help: `rename it to ${spelt}`,
        },
      ),
    ];
  const name = source.path.slice(source.path.lastIndexOf('/') + 1);
  const meant = specFolders.has(folderOf(source.path)) ? null : nearest(name, SPEC_FILES);
  if (!isKind(stated) && meant === null) return [];
  const where = isKind(stated)
    ? `${article(stated)} ${stated} belongs ${kinds[stated].place}`
    : `A spec in this folder must be called ${meant}`;
  return [
    finding('SPC002', placeOfValue(source, ['kind']), `${where}; this file is ${source.path}.`, {
      help: 'move or rename the file',
    }),
  ];
}

/** A known kind in a place for others only. */
export const wrongKind = ({ kind, source }: Spec): Finding =>
  finding(
    'SPC002',
    placeOfValue(source, ['kind']),
    `${article(kind)} ${kind} belongs ${kinds[kind].place}; this file is ${source.path}.`,
    { help: 'move the file, or correct its kind' },
  );

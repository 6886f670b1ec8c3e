/** Edits of specs that leave every other byte as it is. */
import { isMap, isPair, isScalar, type Node, type YAMLMap } from 'yaml';
import type { Edit } from '../diagnostics/diagnostic.ts';
import { type Path, placeAt } from './locate.ts';
import type { ParsedSpec } from './parsed-spec.ts';

function mapAt(spec: ParsedSpec, path: Path): YAMLMap | null {
  let node = spec.document.contents as Node | null;
  for (const step of path) {
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    if (!isPair(pair)) return null;
    node = pair.value as Node | null;
  }
  return isMap(node) ? (node as YAMLMap) : null;
}

/**
 * Puts `key: value` first in the map at a path, in the map's own style: a line of its own with its
 * neighbours' indentation, or an item between braces. Null where no map with keys stands there.
 */
export function insertKey(spec: ParsedSpec, path: Path, line: string): Edit | null {
  const map = mapAt(spec, path);
  const key = map?.items[0]?.key as Node | undefined;
  const at = key?.range?.[0];
  if (!map || at === undefined) return null;
  const indent = ' '.repeat(at - (spec.text.lastIndexOf('\n', at - 1) + 1));
  const place = placeAt(spec.path, spec.lines, [at, at], path);
  return {
    at: place,
    from: null,
    to: map.flow ? `${line}, ` : `${line}${spec.text.includes('\r\n') ? '\r\n' : '\n'}${indent}`,
  };
}

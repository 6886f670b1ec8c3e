import { type Finding, finding, wholeFile } from '../diagnostics/diagnostic.ts';
import { buildGraph, type Graph, type LinkInput } from './graph.ts';

export interface Linked {
  /** Null where platform.yaml is missing or not sound; then there is nothing to check or to lower. */
  graph: Graph | null;
  findings: Finding[];
}

export function link(input: LinkInput): Linked {
  const graph = buildGraph(input);
  const isThere = input.specs.some(({ kind }) => kind === 'Platform') || input.unreadable.includes('platform.yaml');
  return { graph, findings: graph || isThere ? [] : [noPlatform()] };
}

const noPlatform = (): Finding =>
  finding('SPC011', wholeFile('platform.yaml'), 'There is no platform.yaml in this folder.', {
    help: 'create it: `kind: Platform`, `format: 1`, a name, owners and environments',
  });

import { type Finding, finding, wholeFile } from '../diagnostics/diagnostic.ts';
import { checks } from './checks/registry.ts';
import { buildGraph, type Graph, type LinkInput } from './graph.ts';

export interface Linked {
  /** Null where platform.yaml is missing or not sound; then there is nothing to lower. */
  graph: Graph | null;
  findings: Finding[];
}

export function link(input: LinkInput): Linked {
  const graph = buildGraph(input);
  if (graph) return { graph, findings: checks.flatMap((check) => check.run(graph)) };
  const isThere = input.specs.some(({ kind }) => kind === 'Platform') || input.unreadable.includes('platform.yaml');
  const help = 'create it: `kind: Platform`, `format: 1`, a name, owners and environments';
  return {
    graph: null,
    findings: isThere ? [] : [finding('SPC011', wholeFile('platform.yaml'), 'There is no platform.yaml in this folder.', { help })],
  };
}

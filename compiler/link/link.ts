import { checks } from '../checks/registry.ts';
import { type Finding, finding, wholeFile } from '../diagnostics/diagnostic.ts';
import { buildGraph, type Graph, type LinkInput } from './graph.ts';

export interface Linked {
  /** Null where platform.yaml is missing or not sound; then there is nothing to lower. */
  graph: Graph | null;
  findings: Finding[];
  /** Names of the organisation's own rules. */
  rules: string[];
}

/** Yields between checks, so that an editor can answer in between. */
export function* linking(input: LinkInput): Generator<void, Linked> {
  const graph = buildGraph(input);
  if (graph) {
    const rules = [...graph.policies.values()].flatMap(({ value }) => Object.keys(value.rules));
    const findings: Finding[] = [];
    for (const check of checks) {
      findings.push(...check.run(graph));
      yield;
    }
    return { graph, findings, rules };
  }
  const isThere = input.specs.some(({ kind }) => kind === 'Platform') || input.unreadable.includes('platform.yaml');
  const help = 'create it: `kind: Platform`, `format: 1`, a name, owners and environments';
  return {
    graph: null,
    rules: [],
    findings: isThere
      ? []
      : [finding('SPC011', wholeFile('platform.yaml'), 'There is no platform.yaml in this folder.', { help })],
  };
}

import { defineCodes } from '../diagnostics/codes.ts';
import { type Finding, wholeFile } from '../diagnostics/diagnostic.ts';
import { buildGraph, type Graph, type LinkInput } from './graph.ts';

export const { codes, finding } = defineCodes({
  SPC011: {
    severity: 'error',
    title: 'There is no platform.yaml',
    why: 'It states the environments and owners that everything else refers to.',
    example: 'A repository without platform.yaml',
    fix: 'Create it, or run the command in the folder that holds it (-C DIR).',
  },
});

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

/** A lineage as Mermaid's flow chart and as Graphviz's DOT. */
import { label, quoted } from '../review/text.ts';
import type { Lineage, Thing } from './lineage.ts';
import { kindName, lookOf } from './looks.ts';

export function mermaidOf({ things, edges }: Lineage): string {
  const ids = idsOf(things);
  const kinds = [...new Set(things.map(({ kind }) => kind))].sort();
  return [
    'flowchart LR',
    ...things.map((each) => {
      const words = `${label(kindName(each))}<br>${label(each.name)}`;
      return `  ${ids.get(each.address)}["${words}"]:::${each.kind}`;
    }),
    ...edges.map(({ from, to }) => `  ${ids.get(from)} --> ${ids.get(to)}`),
    ...kinds.map((kind) => {
      const { fill, stroke } = lookOf({ kind });
      return `  classDef ${kind} fill:${fill},stroke:${stroke},color:#1f2328`;
    }),
    '',
  ].join('\n');
}

export function dotOf({ things, edges }: Lineage): string {
  return [
    'digraph lineage {',
    '  rankdir=LR; node [shape=box, style="filled,rounded", fontname="sans-serif", fontsize=11];',
    ...things.map((each) => {
      const { fill, stroke } = lookOf(each);
      const words = quoted(`${kindName(each)}\n${each.name}`);
      return `  ${quoted(each.address)} [label=${words}, fillcolor="${fill}", color="${stroke}"];`;
    }),
    ...edges.map(({ from, to }) => `  ${quoted(from)} -> ${quoted(to)};`),
    '}',
    '',
  ].join('\n');
}

const idsOf = (things: readonly Thing[]): Map<string, string> =>
  new Map(things.map(({ address }, index) => [address, `n${index}`]));

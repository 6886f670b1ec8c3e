/** A lineage as a drawing without scripts; dagre says where each thing stands. */
import { Graph, layout } from '@dagrejs/dagre';
import { html } from '../review/text.ts';
import type { Lineage, Thing } from './lineage.ts';
import { kindName, lookOf } from './looks.ts';

/** Of a character of either line, in pixels; a wide one takes more, and is cut off at the edge of its box. */
const CHARACTER = 7.2;
const LONGEST = 34;
const HEIGHT = 38;
const MARGIN = 12;

interface Placed {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** `hrefOf`: where a thing leads to, if anywhere. */
export function svgOf({ things, edges }: Lineage, hrefOf: (thing: Thing) => string | null = () => null): string {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 10, ranksep: 44, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const each of things) graph.setNode(each.address, { width: widthOf(each), height: HEIGHT });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as Partial<Placed>;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${up(width)}" height="${up(height)}" ` +
      `viewBox="0 0 ${up(width)} ${up(height)}" font-family="system-ui, sans-serif" font-size="12">`,
    '<style>.e{fill:none;stroke:#8c959f}.k{font-size:10px;fill:#57606a}.n{fill:#1f2328}</style>',
    '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">' +
      '<path d="M0 0L8 4L0 8z" fill="#8c959f"/></marker></defs>',
    ...edges.map(({ from, to }) => edgeIn(graph.edge(from, to) as { points: Placed[] })),
    ...things.map((each) => box(each, graph.node(each.address) as Placed, hrefOf(each))),
    '</svg>\n',
  ].join('\n');
}

const up = (value: number): number => Math.max(1, Math.ceil(Number.isFinite(value) ? value : 1));

const cut = (text: string): string => {
  const all = [...text];
  return all.length <= LONGEST ? text : `${all.slice(0, LONGEST - 1).join('')}…`;
};

const widthOf = (each: Thing): number =>
  Math.ceil(Math.max([...cut(each.name)].length, [...kindName(each)].length * 0.85) * CHARACTER) + 16;

const edgeIn = ({ points }: { points: Placed[] }): string => {
  const way = points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');
  return `<path class="e" marker-end="url(#end)" d="M${way}"/>`;
};

function box(each: Thing, { x, y, width, height }: Placed, href: string | null): string {
  const { fill, stroke } = lookOf(each);
  const [left, top] = [x - width / 2, y - height / 2];
  const at = `x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${width}" height="${height}"`;
  const drawn =
    `<rect ${at} rx="6" fill="${fill}" stroke="${stroke}"/>` +
    `<text x="${(left + 8).toFixed(1)}" y="${(top + 14).toFixed(1)}" class="k">${html(kindName(each))}</text>` +
    `<text x="${(left + 8).toFixed(1)}" y="${(top + 30).toFixed(1)}" class="n">${html(cut(each.name))}</text>` +
    `<title>${html([each.name, each.description].filter(Boolean).join(': '))}</title>`;
  return href === null ? `<g>${drawn}</g>` : `<a href="${html(href)}">${drawn}</a>`;
}

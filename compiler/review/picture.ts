/** The radius as a Mermaid flow chart: what changes, and what that reaches, gathered by kind. */
import { called, calledKind } from '../plan/called.ts';
import type { Plan, PlannedChange, Reached } from '../plan/types.ts';
import { byObject, isGrave, shownOf } from './shown.ts';
import { label } from './text.ts';

const MOST_CHANGES = 12;
const MOST_NAMES = 3;

const COLOURS: [name: string, style: string][] = [
  ['breaking', 'fill:#ffd8d3,stroke:#cf222e,color:#1f2328'],
  ['grave', 'fill:#fff1c2,stroke:#9a6700,color:#1f2328'],
  ['reached', 'fill:#ddf4ff,stroke:#0969da,color:#1f2328'],
];

/** Empty where nothing is reached. */
export function pictureOf(plan: Plan): string {
  const objects = byObject(shownOf(plan).filter((change) => isGrave(change.class))).map(([first]) => first);
  const worst = new Map(objects.toReversed().map((each) => [each.address, each]));
  const changed = [...worst.values()].reverse();
  const nodes = new Map(changed.map((each, index) => [each.address, index < MOST_CHANGES ? `c${index}` : 'more']));
  const reached = plan.radius.filter(({ from }) => nodes.has(from));
  if (reached.length === 0) return '';
  const kinds = [...new Set(reached.map(({ of }) => of))];
  for (const each of reached) nodes.set(each.address, `r${kinds.indexOf(each.of)}`);
  const edges = new Set(reached.flatMap((each) => edgeTo(each, nodes)));
  return [
    'flowchart LR',
    ...changed.slice(0, MOST_CHANGES).map((each, index) => changeNode(each, `c${index}`)),
    ...(changed.length > MOST_CHANGES ? [`  more["${changed.length - MOST_CHANGES} more changes"]:::grave`] : []),
    ...kinds.map((of, index) => kindNode(of, reached, `r${index}`)),
    ...[...edges].map((each) => `  ${each}`),
    ...COLOURS.map(([name, style]) => `  classDef ${name} ${style}`),
  ].join('\n');
}

const changeNode = (change: PlannedChange, id: string): string =>
  `  ${id}["${label(called(change))}"]:::${change.class === 'breaking' ? 'breaking' : 'grave'}`;

function kindNode(of: Reached['of'], reached: readonly Reached[], id: string): string {
  const names = reached.filter((each) => each.of === of).map(({ name }) => name);
  const more = names.length > MOST_NAMES ? [`and ${names.length - MOST_NAMES} more`] : [];
  const lines = [calledKind(of), ...names.slice(0, MOST_NAMES), ...more].map(label);
  return `  ${id}(["${lines.join('<br>')}"]):::reached`;
}

/** From what stands before it on its way. */
function edgeTo({ address, from, via }: Reached, nodes: ReadonlyMap<string, string>): string[] {
  const before = [...via].reverse().find((each) => nodes.has(each)) ?? from;
  const [one, other] = [nodes.get(before), nodes.get(address)];
  return one === undefined || other === undefined || one === other ? [] : [`${one} --> ${other}`];
}

import { STAGES, type Stage } from '../tools/live.ts';

interface Named {
  name: string;
  after: readonly string[];
}

/**
 * What is needed comes before what needs it; otherwise the order of their names. A side that is not there holds nobody
 * up.
 */
export function inOrder<T extends Named>(sides: readonly T[]): T[] {
  const left = [...sides].sort((a, b) => (a.name < b.name ? -1 : 1));
  const ordered: T[] = [];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const next = left.findIndex(({ after }) => !after.some((name) => waiting.has(name)));
    if (next === -1) throw new Error(`the live sides ${[...waiting].join(', ')} wait for each other`);
    ordered.push(...left.splice(next, 1));
  }
  return ordered;
}

const LAST = STAGES.length - 1;

/** Stage by stage, each in order. One that must wait for a later stage is a bug. */
export function inStages<T extends Named & { stage?: Stage }>(sides: readonly T[]): { stage: Stage; sides: T[] }[] {
  const at = new Map(sides.map(({ name, stage }) => [name, stage === undefined ? LAST : STAGES.indexOf(stage)]));
  const early = sides.find(({ name, after }) => after.some((each) => (at.get(each) ?? -1) > (at.get(name) ?? LAST)));
  if (early) throw new Error(`the live side ${early.name} waits for one of a later stage`);
  return STAGES.map((stage, index) => ({
    stage,
    sides: inOrder(sides.filter(({ name }) => at.get(name) === index)),
  })).filter(({ sides: those }) => those.length > 0);
}

import type { Step } from '../../ir/types.ts';
import { type Expression, list, name } from '../../render/python-expression.ts';
import { inline } from '../../render/python-layout.ts';
import type { TaskVariables } from './task.ts';

/** `a >> [b, c]` and `[b, c] >> d`; the lines of one statement each, its parts between the arrows. */
export function dependencies(steps: Step[], variables: TaskVariables): Expression[][] {
  const chains: string[][][] = [];
  for (const link of links(steps)) {
    const last = chains.at(-1);
    if (last && continues(last, link, variables)) last.push(link[1]);
    else chains.push([...link]);
  }
  return chains.map((chain) => chain.map((tasks) => taskExpression(tasks, variables)));
}

type Link = [upstream: string[], downstream: string[]];

/** One link a step that needs several; steps that need the same one share a link: Airflow knows no list >> list. */
function links(steps: Step[]): Link[] {
  const byNeeds = new Map<string, Link>();
  for (const { name: step, needs } of steps) {
    if (needs.length === 0) continue;
    const key = JSON.stringify(needs.length === 1 ? needs : [needs, step]);
    const link = byNeeds.get(key);
    if (link) link[1].push(step);
    else byNeeds.set(key, [needs, [step]]);
  }
  return [...byNeeds.values()];
}

/** A chain goes on where the next link starts from the one task it has reached, in a line that stays short. */
function continues(chain: string[][], [upstream, downstream]: Link, variables: TaskVariables): boolean {
  const reached = chain.at(-1);
  if (reached?.length !== 1 || upstream.length !== 1 || reached[0] !== upstream[0]) return false;
  return [...chain, downstream].map((tasks) => inline(taskExpression(tasks, variables))).join(' >> ').length <= 80;
}

function taskExpression(tasks: string[], variables: TaskVariables): Expression {
  const names = tasks.map((task) => name(variables.get(task) ?? ''));
  const [only, second] = names;
  return only && !second ? only : list(names);
}

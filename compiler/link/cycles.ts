/** Circles in "waits for" arrows, one a knot: each starts at its least name, so the order of files changes nothing. */
export function findCycles(waits: ReadonlyMap<string, readonly string[]>): string[][] {
  return knots(waits).map((knot) => shortestCircle([...knot].sort()[0] as string, knot, waits));
}

/** Strongly connected components with a circle in them (Tarjan 1972), without recursion: chains may be long. */
function knots(waits: ReadonlyMap<string, readonly string[]>): Set<string>[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const found: Set<string>[] = [];
  for (const root of [...waits.keys()].sort()) {
    if (index.has(root)) continue;
    const work: { node: string; next: number }[] = [{ node: root, next: 0 }];
    while (work.length > 0) {
      const frame = work.at(-1) as { node: string; next: number };
      const { node } = frame;
      if (frame.next === 0) {
        index.set(node, index.size);
        low.set(node, index.get(node) as number);
        stack.push(node);
        onStack.add(node);
      }
      const target = (waits.get(node) ?? [])[frame.next++];
      if (target !== undefined) {
        if (!waits.has(target)) continue;
        if (!index.has(target)) work.push({ node: target, next: 0 });
        else if (onStack.has(target)) low.set(node, Math.min(low.get(node) as number, index.get(target) as number));
        continue;
      }
      work.pop();
      const parent = work.at(-1)?.node;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent) as number, low.get(node) as number));
      if (low.get(node) === index.get(node)) {
        const members = new Set(stack.splice(stack.lastIndexOf(node)));
        for (const each of members) onStack.delete(each);
        if (members.size > 1 || waits.get(node)?.includes(node)) found.push(members);
      }
    }
  }
  return found;
}

function shortestCircle(
  start: string,
  knot: ReadonlySet<string>,
  waits: ReadonlyMap<string, readonly string[]>,
): string[] {
  const previous = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const target of waits.get(node) ?? []) {
      if (target === start) {
        const back = [node];
        while (back.at(-1) !== start) back.push(previous.get(back.at(-1) as string) as string);
        return back.reverse();
      }
      if (knot.has(target) && !previous.has(target)) {
        previous.set(target, node);
        queue.push(target);
      }
    }
  }
  return [start];
}

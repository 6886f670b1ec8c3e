import { proportionalMemory, totalMemory } from '../../compiler/operate/machine/memory.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';

/** Samples the memory of everything that was started, this process included, and keeps the highest sum. */
export function watchMemory(workspace: Workspace): { peak: () => number } {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, totalMemory(workspace.state) + proportionalMemory(process.pid));
  }, 2000);
  timer.unref();
  return { peak: () => peak };
}

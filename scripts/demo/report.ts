import type { Progress } from '../../compiler/operate/progress.ts';
import type { Interaction } from './interactions.ts';

const TEXT_WIDTH = 64;

/** The table of the fourteen interactions. */
export function printInteractions({ line, colors }: Progress, rows: Interaction[]): void {
  line(colors.bold('\nThe platform’s fourteen interactions'));
  for (const { number, text, evidence } of rows) {
    const isDone = evidence !== null;
    const state = isDone ? colors.green('done') : colors.dim('not in this environment yet');
    line(
      `${isDone ? colors.green('✓') : colors.dim('·')} ${String(number).padStart(2)}  ${(isDone ? text : colors.dim(text)) + ' '.repeat(Math.max(0, TEXT_WIDTH - text.length))} ${state}`,
    );
    for (const proof of evidence?.split('\n') ?? []) line(colors.dim(`       ${proof}`));
  }
}

import type { Progress } from '../../compiler/operate/progress.ts';
import type { Interaction } from './interactions.ts';

const TEXT_WIDTH = 64;

/** The table of the fourteen interactions. */
export function printInteractions({ line, colors }: Progress, rows: Interaction[]): void {
  const looks = {
    done: { mark: '✓', paint: colors.green, text: (text: string) => text },
    failed: { mark: '✗', paint: colors.red, text: (text: string) => text },
    'not in this environment yet': { mark: '·', paint: colors.dim, text: colors.dim },
  };
  line(colors.bold('\nThe platform’s fourteen interactions'));
  for (const { number, text, state, evidence } of rows) {
    const { mark, paint, text: shade } = looks[state];
    line(
      `${paint(mark)} ${String(number).padStart(2)}  ` +
        `${shade(text)}${' '.repeat(Math.max(0, TEXT_WIDTH - text.length))} ${paint(state)}`,
    );
    for (const proof of evidence?.split('\n') ?? []) line(colors.dim(`       ${proof}`));
  }
}

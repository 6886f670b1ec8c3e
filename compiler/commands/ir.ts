import { analyse } from '../compile.ts';
import { readSources } from '../source/read.ts';
import type { Command } from './command.ts';
import { report } from './report.ts';

export const command: Command = {
  options: {},
  async run(_, context) {
    const analysis = analyse(readSources(context.root));
    report(analysis, 'text', context);
    if (!analysis.ir) return 1;
    context.out(`${printed(analysis.ir)}\n`);
    return 0;
  },
};

/** A number that brings its own text is written as it is: JavaScript's would be another one. */
function printed(ir: object): string {
  const marked = function (this: Record<string, unknown>, key: string, value: unknown): unknown {
    return this[key] instanceof Number ? `\0${this[key]}` : value;
  };
  return JSON.stringify(ir, marked, 2).replace(/"\\u0000(-?\d+(\.0)?)"/g, '$1');
}

import { catalog, RESERVED } from '../catalog.ts';
import { isSuppressible } from '../diagnostics/codes.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { type Command, UsageError } from './command.ts';

export const command: Command = {
  name: 'explain',
  summary: 'Say what a code means, with an example and the fix.',
  positionals: ['CODE'],
  options: {},
  async run({ positionals: [given = ''] }, context) {
    const code = given.toUpperCase();
    if (Object.hasOwn(RESERVED, code)) {
      context.out(
        `${code} is reserved: ${RESERVED[code]}. It needs to know what is deployed, and comes with the plan.\n`,
      );
      return 0;
    }
    const entry = catalog[code];
    if (!entry)
      throw new UsageError(
        `there is no code '${given}'; ${didYouMean(code, Object.keys(catalog)) ?? 'codes look like FEA001'}`,
      );
    const { severity, title, why, example, fix } = entry;
    const indented = example.replace(/^/gm, '    ');
    context.out(
      `${code} (${severity}): ${title}\n\nWhy it matters: ${why}\n\nExample:\n${indented}\n\nFix: ${fix}\n\nA comment ${isSuppressible(entry) ? 'may suppress it, with a reason and a day' : 'cannot suppress it'}.\n`,
    );
    return 0;
  },
};

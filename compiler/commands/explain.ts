import { catalog, RESERVED } from '../catalog.ts';
import { type Catalog, isSuppressible } from '../diagnostics/codes.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { type Command, UsageError } from './command.ts';

export const command: Command = {
  options: {},
  async run({ positionals: [given = ''] }, context) {
    const code = given.toUpperCase();
    if (Object.hasOwn(RESERVED, code)) {
      context.out(
        `${code} is reserved: ${RESERVED[code]}. It needs to know what is deployed, and comes with the plan.\n`,
      );
      return 0;
    }
    const text = explained(code, catalog);
    if (text === null)
      throw new UsageError(
        `there is no code '${given}'; ${didYouMean(code, Object.keys(catalog)) ?? 'codes look like FEA001'}`,
      );
    context.out(text);
    return 0;
  },
};

/** What a code means; null where there is none. */
export function explained(code: string, known: Catalog): string | null {
  const entry = known[code];
  if (!entry) return null;
  const { severity, title, why, example, fix } = entry;
  const suppressed = isSuppressible(entry) ? 'may suppress it, with a reason and a day' : 'cannot suppress it';
  return [
    `${code} (${severity}): ${title}`,
    `Why it matters: ${why}`,
    `Example:\n${example.replace(/^/gm, '    ')}`,
    `Fix: ${fix}`,
    `A comment ${suppressed}.\n`,
  ].join('\n\n');
}

import { catalog, RESERVED } from '../catalog.ts';
import { type Catalog, isSuppressible } from '../diagnostics/codes.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { CANNOT_TELL } from '../plan/cannot-tell.ts';
import { changeRules } from '../plan/rules/registry.ts';
import { type Command, UsageError } from './command.ts';

export const command: Command = {
  options: {},
  async run({ positionals: [given = ''] }, context) {
    const code = given.toUpperCase();
    if (Object.hasOwn(RESERVED, code)) {
      context.out(`${code} is reserved: ${RESERVED[code]}. It needs to know what is deployed.\n`);
      return 0;
    }
    const text = explained(code, catalog) ?? explainedRule(code);
    if (text === null) {
      const codes = [...Object.keys(catalog), ...changeRules.map((rule) => rule.code)];
      throw new UsageError(`there is no code '${given}'; ${didYouMean(code, codes) ?? 'codes look like FEA001'}`);
    }
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

/** What a rule of the plan finds; null where there is none. */
function explainedRule(code: string): string | null {
  const rule = [CANNOT_TELL, ...changeRules].find((each) => each.code === code);
  if (!rule) return null;
  return [
    `${code} (${rule.class}, in a plan): ${rule.title}`,
    `Why it matters: ${rule.why}`,
    `What to do: ${rule.whatToDo}.\n`,
  ].join('\n\n');
}

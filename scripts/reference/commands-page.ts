/** Every command, from the registry. */
import { usage } from '../../compiler/cli.ts';
import type { Option } from '../../compiler/commands/command.ts';
import { commands } from '../../compiler/commands/registry.ts';
import { GENERATED } from './kind-page.ts';

export async function commandsPage(): Promise<string> {
  const names = Object.keys(commands);
  const sections = await Promise.all(
    Object.entries(commands).map(async ([name, verb]) => {
      const { options } = (await verb.load()).command;
      const rows = Object.entries(options).map(([key, option]) => rowOf(key, option));
      const table = rows.length === 0 ? [] : [['| option | | default |', '| --- | --- | --- |', ...rows].join('\n')];
      return [`## ${name}`, `\`mlops ${usage(name, verb)}\`: ${verb.summary}`, ...table].join('\n\n');
    }),
  );
  const intro =
    '`mlops [-C DIR] COMMAND …` works in the folder DIR, or else in this one. It ends with 0 when it has done its ' +
    'work, with 1 when the specs have errors or the work failed, with 2 for wrong usage or an environment in which ' +
    `it cannot work, with 3 for a bug. \`mlops COMMAND --help\` says the same as this page. ${GENERATED}`;
  return ['# Commands', intro, names.map((name) => `[${name}](#${name})`).join(' · '), ...sections]
    .join('\n\n')
    .concat('\n');
}

function rowOf(key: string, { type, choices, value, help, default: fallback }: Option): string {
  const word = type === 'string' ? ` ${choices?.join('|') ?? value ?? 'VALUE'}` : '';
  const shown = fallback === undefined || fallback === false ? '' : `\`${fallback}\``;
  return `| \`--${key}${word.replaceAll('|', '\\|')}\` | ${help.replaceAll('|', '\\|')} | ${shown} |`;
}

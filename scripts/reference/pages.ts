/** The pages of docs/reference, by name. */
import type { Kind } from '../../compiler/spec-schema/kinds.ts';
import { schemas } from '../../compiler/spec-schema/schemas.ts';
import { commandsPage } from './commands-page.ts';
import { contextPage } from './context-page.ts';
import { expressionsPage } from './expressions-page.ts';
import { GENERATED, kindPage } from './kind-page.ts';

const fileOf = (kind: string): string => `${kind.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()}.md`;

export async function referencePages(): Promise<Record<string, string>> {
  const all = Object.keys(schemas) as Kind[];
  const kindPages = all.map((kind) => [fileOf(kind), kindPage(kind)] as const);
  const index = [
    '# Reference',
    `Every key and every command. The examples are parts of one repository that compiles. ${GENERATED}`,
    '| page | |\n| --- | --- |\n'.concat(
      [
        ...all.map((kind) => `| [${kind}](${fileOf(kind)}) | ${schemas[kind].description} |`),
        '| [Expressions and amounts](expressions.md) | Durations, shares, schedules, CEL, PromQL. |',
        '| [What a step gets](context.md) | The context of a function, connections and their secrets. |',
        '| [Commands](commands.md) | `mlops`, with every option. |',
        '| [Findings](../codes.md) | Every code, with an example and its fix. |',
        '| [Rules of the plan](../plan.md) | What a change breaks, and what has to run. |',
      ].join('\n'),
    ),
  ];
  return {
    'README.md': index.join('\n\n').concat('\n'),
    ...Object.fromEntries(kindPages),
    'expressions.md': expressionsPage(),
    'context.md': contextPage(),
    'commands.md': await commandsPage(),
  };
}

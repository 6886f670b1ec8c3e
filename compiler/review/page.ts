/** A plan as one page of HTML without scripts: readable also where a server (Jenkins) takes its style away. */
import { called, calledKind } from '../plan/called.ts';
import { FILES_BECAUSE, type PlanDocument } from '../plan/document.ts';
import { TITLES, verdictLine } from '../plan/text.ts';
import type { PlannedChange } from '../plan/types.ts';
import { byObject, isGrave, placeOf, saidOf, shownOf, toDoOf } from './shown.ts';
import { html } from './text.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: .5rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; } td:nth-child(2) { min-width: 15rem; } td:nth-child(n + 3) { min-width: 16rem; }
th { white-space: nowrap; } code { font-size: .9em; } .place { color: #888; font-size: .9em; }
.class { font-weight: 600; white-space: nowrap; } .breaking { color: #cf222e; } .grave { color: #9a6700; }
`;

export function planPage({ plan, compared, files }: PlanDocument): string {
  const shown = shownOf(plan);
  const verdict = plan.changes.length === 0 ? 'Nothing changes.' : verdictLine(plan);
  const kinds = [...new Set(plan.radius.map(({ of }) => of))];
  const because = (Object.keys(FILES_BECAUSE) as (keyof typeof FILES_BECAUSE)[]).flatMap((reason) => {
    const paths = files.filter((each) => each.because === reason).map(({ path }) => path);
    return paths.length === 0 ? [] : [`${paths.length} ${FILES_BECAUSE[reason]}: ${paths.join(', ')}`];
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${html(verdict)}</title>
<style>${STYLE}</style>
<h1>${html(verdict)}</h1>
<p>${compared.notes.map(html).join('<br>')}</p>
${shown.length === 0 ? '' : table(shown)}
${list(
  'What it reaches',
  kinds.map(
    (of) => `${calledKind(of)}: ${plan.radius.flatMap((each) => (each.of === of ? [each.name] : [])).join(', ')}`,
  ),
)}
${list(
  'Has to run',
  plan.work.map(({ kind, subject, from, reason, command }) =>
    [`${kind} ${subject}${from === undefined ? '' : ` from ${from} until now`}: ${reason}`, command ?? ''].join(' '),
  ),
)}
${list(
  'Goes out in this order',
  plan.order.map(({ title, names }) => `${title}: ${names.join(', ')}`),
)}
${list('Files of generated/', because)}
</html>
`;
}

const table = (changes: readonly PlannedChange[]): string => `<table>
<tr><th></th><th>What</th><th>What changes</th><th>What to do</th></tr>
${byObject(changes).map(row).join('\n')}
</table>`;

function row(said: [PlannedChange, ...PlannedChange[]]): string {
  const [first] = said;
  const gravity = first.class === 'breaking' ? 'breaking' : isGrave(first.class) ? 'grave' : 'mild';
  const cells = [
    `<td class="class ${gravity}">${TITLES[first.class]}</td>`,
    `<td>${html(called(first))}${first.kind === 'removed' ? ' <b>removed</b>' : ''}<br>` +
      `<code class="place">${html(placeOf(first))}</code></td>`,
    `<td>${said.map((each) => `${html(saidOf(each))} (${each.code})`).join('<br>')}</td>`,
    `<td>${[...new Set(said.map((each) => html(toDoOf(each))))].join('<br>')}</td>`,
  ];
  return `<tr>${cells.join('')}</tr>`;
}

const list = (title: string, lines: readonly string[]): string =>
  lines.length === 0
    ? ''
    : `<h2>${title}</h2>\n<ul>\n${lines.map((each) => `<li>${htmlLong(each)}</li>`).join('\n')}\n</ul>`;

/** A list of names may be long. */
const htmlLong = (text: string): string =>
  text
    .split(/(?<=, )/)
    .map(html)
    .join(' ');

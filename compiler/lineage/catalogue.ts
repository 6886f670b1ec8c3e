/** Everything in the repository on one page: what it is, whose, what it is made of, what reads it, when it changed. */
import { byText } from '../diagnostics/diagnostic.ts';
import { objectsByAddress } from '../ir/objects.ts';
import type { Ir } from '../ir/types.ts';
import { html } from '../review/text.ts';
import { reached, type Ways, waysIn } from './around.ts';
import { factsOf, partsOf } from './facts.ts';
import { type Lineage, lineageOf, type Thing } from './lineage.ts';
import { kindName, lookOf } from './looks.ts';
import { SCRIPT, STYLE } from './page-parts.ts';
import { svgOf } from './svg.ts';
import { watchedBy } from './watched.ts';

/** When the file that a thing stands in was changed last: a day, and a commit's short name. */
export type Changed = ReadonlyMap<string, { day: string; commit: string }>;

interface Catalogue {
  ir: Ir;
  all: Lineage;
  byAddress: ReadonlyMap<string, Thing>;
  objects: ReturnType<typeof objectsByAddress>;
  ways: Ways;
  /** Of dashboards and alerts. */
  watched: ReadonlyMap<string, string[][]>;
  changed: Changed;
}

/** Without the network, and readable without its script, which only searches. */
export function catalogueOf(ir: Ir, changed: Changed): string {
  const all = lineageOf(ir, { columns: false, watching: true });
  const byAddress = new Map(all.things.map((each) => [each.address, each]));
  const made: Catalogue = {
    ir,
    all,
    byAddress,
    objects: objectsByAddress(ir),
    ways: waysIn(all),
    watched: watchedBy(ir),
    changed,
  };
  const drawn = lineageOf(ir, { columns: false, watching: false });
  const kinds = [...ORDER, ...new Set(all.things.map(({ kind }) => kind).filter((kind) => !ORDER.includes(kind)))];
  const sections = kinds.flatMap((kind) => {
    const things = all.things.filter((each) => each.kind === kind);
    if (things.length === 0) return [];
    const title = `<h2>${html(titleOf(kind))} <small>${things.length}</small></h2>`;
    return [['<section>', title, ...things.map((each) => entry(each, made)), '</section>'].join('\n')];
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${html(ir.platform.name)}: catalogue</title>
<style>${STYLE}</style>
<header>
<h1>${html(ir.platform.name)}</h1>
<p>${html(ir.platform.description)}</p>
<input id="search" type="search" placeholder="Search: name, owner, column, file …" aria-label="Search" hidden>
<p id="found" role="status"></p>
</header>
<main>
<details open id="lineage"><summary>Lineage</summary>
${drawing(drawn)}
</details>
${owners(made)}
${sections.join('\n')}
</main>
<script>${SCRIPT}</script>
</html>
`;
}

/** Beyond, it takes long to make and nobody finds a way in it. */
const MOST_DRAWN = 500;

const drawing = (lineage: Lineage): string =>
  lineage.things.length > MOST_DRAWN
    ? `<p>${lineage.things.length} things are too many for one picture: ` +
      '<code>mlops graph --of NAME --format svg</code> draws what is around one.</p>'
    : `<div class="drawing">${svgOf(lineage, ({ address }) => `#${anchor(address)}`)}</div>`;

/** What is looked for most comes first. */
const ORDER: readonly Thing['kind'][] = [
  ...(['feature_view', 'model', 'online', 'batch', 'entity', 'stream', 'pipeline', 'step', 'table'] as const),
  ...(['connection', 'alert', 'dashboard'] as const),
];

const TITLES: Partial<Record<Thing['kind'], string>> = {
  entity: 'Entities',
  stream: 'Topics',
  online: 'APIs',
  batch: 'Batch scoring',
  platform_alert: 'Alerts of the platform',
  page: 'Dashboards of the platform',
};
const titleOf = (kind: Thing['kind']): string => {
  const words = kindName({ kind });
  return TITLES[kind] ?? `${words.slice(0, 1).toUpperCase()}${words.slice(1)}s`;
};

/** Of an address every character that a fragment may not have is written by its number. */
const anchor = (address: string): string => address.replace(/[^A-Za-z0-9/_.-]/gu, (each) => `-${each.codePointAt(0)}-`);

function entry(thing: Thing, made: Catalogue): string {
  const { address, name, owner, description, origin } = thing;
  const { fill, stroke } = lookOf(thing);
  const object = made.objects.get(address);
  const facts = object ? factsOf(thing, object) : [];
  const own = object ? partsOf(thing, object) : [];
  const parts = own.length > 0 ? own : (made.watched.get(address) ?? []);
  const change = origin ? made.changed.get(origin.file) : undefined;
  const place = origin ? [`<code>${html(`${origin.file}:${origin.line}`)}</code>`] : [];
  const meta = [
    ...(owner ? [`owner <a href="#${anchor(`owner/${owner}`)}">${html(owner)}</a>`] : []),
    ...place,
    ...(change ? [`changed ${html(change.day)} <code>${html(change.commit)}</code>`] : []),
  ];
  const style = `background:${fill};border-color:${stroke}`;
  return `<article id="${anchor(address)}">
<h3><span class="kind" style="${style}">${html(kindName(thing))}</span> ${html(name)}</h3>
${description ? `<p>${html(description)}</p>` : ''}
<p class="meta">${meta.join(' · ')}</p>
${facts.length > 0 ? `<p>${facts.map(html).join(' · ')}</p>` : ''}
${parts.length > 0 ? table(parts) : ''}
${neighbours(thing, made)}
</article>`;
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const cells = (row: readonly string[], tag: string) => row.map((each) => `<${tag}>${html(each)}</${tag}>`).join('');
  return `<table><tr>${cells(head, 'th')}</tr>${body.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')}</table>`;
}

const ENDS = new Set<Thing['kind']>(['model', 'online', 'batch', 'alert', 'dashboard']);

function neighbours({ address }: Thing, { byAddress, ways: { upstream, downstream } }: Catalogue): string {
  const of = (addresses: readonly string[]): string =>
    addresses
      .flatMap((each) => byAddress.get(each) ?? [])
      .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || byText(a.name, b.name))
      .map((each) => `<a href="#${anchor(each.address)}">${html(`${kindName(each)} ${each.name}`)}</a>`)
      .join(', ');
  const sources = upstream.get(address) ?? [];
  const readers = downstream.get(address) ?? [];
  const near = new Set([address, ...readers]);
  const ends = [...reached(downstream, [address])].filter((each) => {
    const kind = byAddress.get(each)?.kind;
    return kind !== undefined && ENDS.has(kind) && !near.has(each);
  });
  const rows: [string, string][] = [
    ['made of', of(sources)],
    ['read by', of(readers)],
    ['reaches', of(ends)],
  ];
  const said = rows.filter(([, list]) => list !== '').map(([title, list]) => `<li><b>${title}</b> ${list}</li>`);
  return said.length > 0 ? `<ul class="flow">${said.join('')}</ul>` : '';
}

function owners({ ir, all }: Catalogue): string {
  const rows = ir.platform.owners.map(({ name, email, slack, github }) => {
    const count = all.things.filter(({ owner }) => owner === name).length;
    const reach = [email, slack, github].filter((each) => each !== null).join(' · ');
    return `<article id="${anchor(`owner/${name}`)}"><h3><span class="kind">owner</span> ${html(name)}</h3>
<p class="meta">${html(reach)} · ${count} things</p></article>`;
  });
  return `<section>\n<h2>Owners <small>${rows.length}</small></h2>\n${rows.join('\n')}\n</section>`;
}

/** Lineage: what is made of what, in every form, and the catalogue. Nothing that a spec says acts in any of them. */
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../cli.ts';
import { analyse } from '../compile.ts';
import type { Ir } from '../ir/types.ts';
import { around, meant } from '../lineage/around.ts';
import { catalogueOf } from '../lineage/catalogue.ts';
import { type Lineage, lineageOf, type Thing } from '../lineage/lineage.ts';
import { dotOf, mermaidOf } from '../lineage/mermaid.ts';
import { SCRIPT, STYLE } from '../lineage/page-parts.ts';
import { svgOf } from '../lineage/svg.ts';
import { Repository } from '../source/git.ts';
import { fixtureIr, PLATFORMS } from './fixture.ts';
import { GitRepository } from './git-repository.ts';
import { largeRepository } from './large.ts';
import { runs } from './runs.ts';
import { asSources } from './sources.ts';

const ir = fixtureIr();
const objects = lineageOf(ir, { columns: false, watching: false });
const columns = lineageOf(ir, { columns: true, watching: true });
const FLIGHTS = join(PLATFORMS, 'flights');

async function graph(...words: string[]): Promise<{ exit: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const exit = await main(['-C', FLIGHTS, 'graph', ...words], {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { exit, ...said };
}

const isEdge = ({ edges }: Lineage, from: string, to: string): boolean =>
  edges.some((each) => each.from === from && each.to === to);

test('a column is followed from its table through feature and model to API, dashboard and alert', () => {
  const way = [
    'table/plane_delays/column/last_delay',
    'feature_view/plane_delays/feature/last_delay',
    'model/departure_delay/feature_view/plane_delays/feature/last_delay',
    'model/departure_delay',
    'model/departure_delay/online',
  ];
  for (const [index, to] of way.slice(1).entries()) assert.ok(isEdge(columns, way[index] ?? '', to), to);
  const below = around(columns, [way[0] ?? ''], 'downstream', Number.POSITIVE_INFINITY).things;
  for (const kind of ['page', 'platform_alert'] as const)
    assert.ok(
      below.some((each) => each.kind === kind),
      kind,
    );
  const above = around(columns, ['model/departure_delay'], 'upstream', Number.POSITIVE_INFINITY).things;
  assert.ok(above.some(({ address }) => address === 'pipeline/flights/step/ingest'));
  assert.not.ok(
    above.some(({ address }) => address.startsWith('model/cancellation/')),
    'another model',
  );
});

test('each panel and each alert reads what its expression names: columns are followed to the single one', () => {
  const FEATURE = 'feature_view/carrier_delays/feature/departures_6h';
  const OTHER = 'feature_view/carrier_delays/feature/mean_delay_6h';
  const readBy = (from: string, kind: Thing['kind']): string[] =>
    columns.edges
      .flatMap(({ from: each, to }) =>
        each === from ? columns.things.filter(({ address, kind: of }) => address === to && of === kind) : [],
      )
      .map(({ name }) => name);
  const [alerts, others] = [readBy(FEATURE, 'platform_alert'), readBy(OTHER, 'platform_alert')];
  assert.equal(
    alerts.filter((each) => !others.includes(each)),
    ['FeatureMissing carrier_delays departures_6h', 'FeatureOutOfRange carrier_delays departures_6h'].filter((each) =>
      alerts.includes(each),
    ),
  );
  assert.ok(alerts.includes('FeatureMissing carrier_delays departures_6h'));
  const panels = readBy(FEATURE, 'panel');
  assert.ok(panels.includes('Feature view carrier_delays: Missing values'), panels.join('; '));
  assert.ok(panels.includes('Checkout: Lag of "carrier_.+"'), "a team's own, by a pattern");
  assert.not.ok(panels.some((each) => each.startsWith('Feature view plane_delays')));
  // Each panel stands in its dashboard, through which alone the dashboard reads.
  for (const { address, kind } of columns.things)
    if (kind === 'panel') assert.ok(isEdge(columns, address, address.replace(/\/panel\/\d+$/, '')), address);
    else if (kind === 'page')
      assert.ok(columns.edges.every(({ from, to }) => to !== address || from.startsWith(`${address}/panel/`)));
  const input = 'model/departure_delay/feature_view/carrier_delays/feature/departures_6h';
  assert.ok(readBy(input, 'panel').includes('Model departure_delay: Inputs: population stability index'));
  assert.ok(readBy(input, 'platform_alert').includes('InputDrift departure_delay'));
});

test('a series that only streams or APIs have is about nothing else', () => {
  const lag = columns.things.find(({ name }) => name === 'Features: Events waiting')?.address ?? '';
  const read = columns.edges.filter(({ to }) => to === lag).map(({ from }) => from.split('/')[1]);
  assert.equal([...new Set(read)], ['carrier_delays']);
});

/** What holds a column, a feature or an input. */
const outer = (address: string): string =>
  /^(pipeline\/[^/]+\/step|feature_view\/[^/]+\/stream|model\/[^/]+\/(online|batch))/.test(address)
    ? address
    : address.split('/').slice(0, 2).join('/');

test('columns folded into what holds them give the lineage of whole things', () => {
  const folded = lineageOf(ir, { columns: true, watching: false }).edges.map(({ from, to }) => [
    outer(from),
    outer(to),
  ]);
  const pairs = new Set(folded.filter(([from, to]) => from !== to).map((each) => each.join(' ')));
  const whole = objects.edges.map(({ from, to }) => `${from} ${to}`).filter((each) => !each.startsWith('entity/'));
  assert.equal([...pairs].sort(), whole.sort());
});

test('a name means all that is called so, an address one thing, and what is part of neither is left out', async () => {
  assert.equal(
    meant('carrier_delays', objects)
      .map(({ kind }) => kind)
      .sort(),
    ['feature_view', 'stream', 'table'],
  );
  assert.equal(
    meant('model/departure_delay', objects)
      .map(({ kind }) => kind)
      .sort(),
    ['batch', 'model', 'online'],
  );
  assert.equal(
    meant('plane_delays.last_delay', columns)
      .map(({ kind }) => kind)
      .sort(),
    ['column', 'feature'],
  );
  const near = JSON.parse((await graph('--of', 'feature_view/plane_delays', '--depth', '1', '--format', 'json')).out);
  assert.ok(near.things.length < objects.things.length);
  assert.ok(near.things.every(({ name }: Thing) => !name.includes('carrier')));
});

test('what is called nothing gets a sentence with the nearest name', async () => {
  const misspelt = await graph('--of', 'plane_delay');
  assert.equal([misspelt.exit, misspelt.out], [2, '']);
  assert.match(misspelt.err, "nothing is called 'plane_delay'; did you mean 'plane_delays'?");
  assert.match((await graph('--of', 'x'.repeat(40))).err, '`mlops graph --format json` lists what there is');
  assert.match((await graph('--depth', '0')).err, '--depth is a number of steps');
});

/** The same with a text of somebody's in each description and name. */
const withText = (text: string): Lineage => ({
  ...objects,
  things: objects.things.map((each) => ({ ...each, name: `${each.name}${text}`, description: text })),
});

const HOSTILE = [
  '</svg><script>x</script>',
  '"]; evil [label="',
  '\\',
  '\n',
  '<!--',
  '"',
  '#quot;',
  '&lt;',
  ']]>',
  '%%{',
];
const TAGS = /^<\/?(svg|style|defs|marker|path|rect|text|title|g)( [a-zA-Z-]+="[^"<>]*")*\/?>$/;
const DOT =
  /^ {2}"(?:[^"\\]|\\.)*" (\[label="(?:[^"\\]|\\.)*", fillcolor="#\w+", color="#\w+"\]|-> "(?:[^"\\]|\\.)*");$/;

test('no text of a spec acts in a drawing', () => {
  const drawn = fc.array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
  fc.assert(
    fc.property(drawn, (text) => {
      const lineage = withText(text);
      for (const [tag] of svgOf(lineage).matchAll(/<[^>]*>/g)) assert.match(tag, TAGS);
      for (const line of dotOf(lineage).split('\n').slice(2, -2)) assert.match(line, DOT);
      for (const line of mermaidOf(lineage).trimEnd().split('\n').slice(1))
        assert.match(
          line.replace(/#\d+;/g, ''),
          /^ {2}(n\d+\["[^"<>;]*<br>[^"<>;]*"\]:::\w+|n\d+ --> n\d+|classDef .*)$/,
        );
    }),
    runs(6),
  );
});

test('the catalogue has an entry for each thing, every link in it leads somewhere, and nothing of it is loaded', () => {
  const evil = '<img src=x onerror=alert(1)> "quoted"';
  const changed: Ir = {
    ...ir,
    featureViews: ir.featureViews.map((each) => ({ ...each, description: evil })),
    platform: { ...ir.platform, description: evil },
  };
  const page = catalogueOf(changed, new Map([['features/plane_delays.yaml', { day: '2026-01-01', commit: 'abc' }]]));
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  assert.is(new Set(ids).size, ids.length);
  for (const { address } of lineageOf(ir, { columns: false, watching: true }).things)
    assert.ok(
      ids.some((id) => decoded(id ?? '') === address),
      address,
    );
  const links = [...page.matchAll(/ href="#([^"]*)"/g)].map(([, id = '']) => id);
  assert.ok(links.length > 100);
  for (const link of links) assert.ok(ids.includes(link.replaceAll('&#61;', '=')), link);
  assert.not.match(page, /<img|src=x onerror=alert|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
  assert.match(page, 'changed 2026-01-01 <code>abc</code>');
  assert.is(page.split('<script>').length, 2);
  assert.not.match(STYLE + SCRIPT, /https?:|import|url\(/);
});

const decoded = (id: string): string => id.replace(/-(\d+)-/g, (_, number) => String.fromCodePoint(Number(number)));

test('of more than can be drawn, the catalogue has every entry, and says how to draw a part', () => {
  const { ir: many } = analyse(asSources(largeRepository(240)));
  assert.ok(many);
  const page = catalogueOf(many, new Map());
  const { things } = lineageOf(many, { columns: false, watching: true });
  assert.is(page.match(/<article id=/g)?.length, things.length + many.platform.owners.length);
  assert.not.match(page, '<svg');
  assert.match(page, /\d+ things are too many for one picture: <code>mlops graph --of NAME/);
});

test('when a file was changed last, the history of its first parents says', async () => {
  const here = new GitRepository();
  here.write([
    ['a.yaml', '1'],
    ['features/ä b.yaml', '1'],
  ]);
  const first = here.commit();
  here.git('checkout', '--quiet', '-b', 'side');
  here.write([['a.yaml', '2']]);
  here.commit();
  here.git('checkout', '--quiet', 'main');
  here.git('merge', '--quiet', '--no-ff', '--no-edit', 'side');
  const merge = here.git('rev-parse', 'HEAD');
  const repository = await Repository.at(here.root);
  const head = await repository.commit('HEAD');
  assert.ok(head);
  const found = await repository.lastChanges(head, ['a.yaml', 'features/ä b.yaml', 'none.yaml']);
  assert.equal([...found].sort(), [
    ['a.yaml', { day: '2026-01-01', commit: merge.slice(0, 12) }],
    ['features/ä b.yaml', { day: '2026-01-01', commit: first.slice(0, 12) }],
  ]);
  here.remove();
});

test.run();

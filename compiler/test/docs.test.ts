/** Each page is found in two clicks from the README, in the checkout and in a team's repository; no link is broken. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { shippedDocs } from '../../scripts/packaging/docs.ts';
import { anchor, typeOf } from '../../scripts/reference/types.ts';

const ROOT = join(import.meta.dirname, '../..');
const PACKAGE = 'node_modules/mlops-compiler/';
const NEW_README = 'compiler/init/repository/README.md';

const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => `docs/${path}`);
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const withoutCode = (text: string): string => text.replace(/^(```+)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');

interface Link {
  to: string;
  anchor: string;
}

/** Links of a page to others of ours, as paths from the root; those of a new repository lead into the package. */
function linksOf(page: string): Link[] {
  return [...withoutCode(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = ''] = target.split('#');
      if (path === '') return { to: page, anchor };
      if (page === NEW_README && path.startsWith(PACKAGE)) return { to: path.slice(PACKAGE.length), anchor };
      return { to: normalize(join(dirname(page), path)), anchor };
    });
}

const anchorsOf = (page: string): string[] =>
  [
    ...textOf(page)
      .replace(/^(```+)[\s\S]*?^\1/gm, '')
      .matchAll(/^#+ (.+)$/gm),
  ].map(([, heading = '']) => anchor(heading));

function within(clicks: number, from: string): Set<string> {
  let found = new Set([from]);
  for (let click = 0; click < clicks; click += 1)
    found = new Set([
      ...found,
      ...[...found].filter((path) => path.endsWith('.md')).flatMap((path) => linksOf(path).map(({ to }) => to)),
    ]);
  return found;
}

test('no link leads nowhere, and no anchor', () => {
  for (const page of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', NEW_README, ...docs])
    for (const { to, anchor } of linksOf(page)) {
      assert.ok(existsSync(join(ROOT, to)), `${page} links to ${to}, which is not there`);
      if (anchor) assert.ok(anchorsOf(to).includes(anchor), `${page} links to ${to}#${anchor}, which is no heading`);
    }
});

test('every page is found in two clicks from the README', () => {
  const found = within(2, 'README.md');
  assert.equal(
    docs.filter((path) => !found.has(path)),
    [],
  );
});

test("in a team's repository every page of the package is found in two clicks, and leads nowhere else", () => {
  const shipped = shippedDocs(ROOT);
  const found = within(2, NEW_README);
  assert.ok(shipped.length > 10);
  assert.equal(
    shipped.filter((path) => !found.has(path)),
    [],
  );
  for (const page of shipped)
    for (const { to } of linksOf(page))
      assert.ok(shipped.includes(to) || /^compiler\/.*\.schema\.json$/.test(to), `${page} links to ${to}`);
});

test('a limit stands in the reference as the schema has it', () => {
  assert.is(typeOf({ type: 'integer', minimum: 1, maximum: 4096 }), 'whole number from 1 to 4,096');
  assert.is(typeOf({ type: 'number', minimum: 0.01, maximum: 1024.5 }), 'number from 0.01 to 1,024.5');
});

test.run();

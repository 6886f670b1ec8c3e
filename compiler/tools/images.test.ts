/** The table of images: what runs is pinned there and nowhere else, and what holds a pin back is said to Renovate. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { newestOf, releaseOf } from '../../scripts/images/releases.ts';
import { environmentOf, filesOf, fixtureIr } from '../test/fixture.ts';
import { BASES, IMAGES, type Pin } from './images.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pins: Pin[] = [...Object.values(IMAGES), ...BASES];
const nameOf = (image: string): string => image.split(':')[0] ?? '';

interface Rule {
  description: string;
  matchPackageNames?: string[];
  matchDatasources?: string[];
  allowedVersions?: string;
}
const renovate = JSON.parse(read('renovate.json')) as {
  customManagers: { managerFilePatterns: string[]; matchStrings: string[] }[];
  packageRules: Rule[];
};

test('what an environment of containers pulls is in the table, and all of the table is pulled', () => {
  const ir = fixtureIr();
  const prod = { ...environmentOf(ir, 'prod'), containers: [] };
  const text = filesOf({ ...ir, environments: [prod] }).get('prod/compose/compose.yaml') ?? '';
  const { services } = parse(text, { merge: true }) as { services: Record<string, { image: string }> };
  const own = new RegExp(`^${ir.platform.name}-`);
  const pulled = new Set(Object.values(services).flatMap(({ image }) => (own.test(image) ? [] : [image])));
  assert.equal([...pulled].sort(), [...Object.values(IMAGES).map(({ image }) => image)].sort());
});

test('no tool names an image beside the table', () => {
  const modules = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.startsWith('images.'),
  );
  assert.ok(modules.length > 50);
  for (const path of modules) assert.not.match(read(`compiler/tools/${path}`), /image: ['"`]/, path);
});

test('each Dockerfile begins with the bases of the table, and with no other', () => {
  const folder = 'runtime/images';
  const dockerfiles = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('Dockerfile'),
  );
  const stated = dockerfiles.flatMap((dockerfile) =>
    [...read(`${folder}/${dockerfile}`).matchAll(/^ARG (\w+)=(\S+:\S+)$/gm)].map(
      ([, argument, image]) => `${dockerfile} ${argument} ${image}`,
    ),
  );
  assert.equal(stated.sort(), BASES.map((base) => `${base.dockerfile} ${base.argument} ${base.image}`).sort());
});

test('index, window and shipper of logs are of one release', () => {
  const releases = [IMAGES.elasticsearch, IMAGES.kibana, IMAGES.filebeat].map(({ image }) => releaseOf(image));
  assert.is(new Set(releases).size, 1, releases.join(', '));
});

test('a pin is on the line that it is held on', () => {
  for (const { image, held } of pins)
    if (held) assert.ok(releaseOf(image).startsWith(`${held.to}.`), `${image} is not of ${held.to}`);
});

test('Renovate finds each pin of the table by its name and its version', () => {
  const [manager] = renovate.customManagers;
  assert.equal(manager?.managerFilePatterns, ['/^compiler/tools/images\\.ts$/']);
  const found = [...read('compiler/tools/images.ts').matchAll(new RegExp(manager?.matchStrings[0] ?? '', 'g'))];
  assert.equal(
    found.map(({ groups }) => `${groups?.['depName']}:${groups?.['currentValue']}`),
    pins.map(({ image }) => image),
  );
});

test('Renovate holds what the table holds, for the same reason, and lets everything else go', () => {
  const rules = renovate.packageRules.filter(
    ({ allowedVersions, matchDatasources }) => allowedVersions && matchDatasources?.includes('docker'),
  );
  const told = rules.flatMap(({ matchPackageNames = [], allowedVersions, description }) =>
    matchPackageNames.map((name) => `${name} ${allowedVersions} ${description}`),
  );
  const held = pins.flatMap(({ image, held }) =>
    held ? [`${nameOf(image)} /^${held.to.replaceAll('.', '\\.')}\\./ ${held.why}`] : [],
  );
  assert.equal(told.sort(), held.sort());
});

test('the newest of a line is found by its numbers, without what comes before a release', () => {
  assert.is(newestOf(['v1.9.1', 'v1.12.1', 'v1.13.0-rc.1', 'v1.10.1'], null), '1.12.1');
  assert.is(newestOf(['12.4.9', '12.4.10', '13.2.3'], '12'), '12.4.10');
  assert.is(newestOf(['1.3.0', '1.30.4'], '1.3'), '1.3.0');
  assert.is(newestOf(['18.1'], '17'), null);
  const module = IMAGES.prometheus.proof.release;
  assert.is(newestOf(['v0.305.0', 'v0.316.0', 'v0.315.1'].map(module), null), '3.16.0');
  assert.is(releaseOf('postgres:17.11-bookworm'), '17.11');
  assert.is(releaseOf('elastic/filebeat:9.5.3'), '9.5.3');
});

test.run();

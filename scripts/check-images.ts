/**
 * `npm run check:images`: holds every pin of compiler/tools/images.ts against what the clients of packages answer
 * today, and both renovate.json against the schema that Renovate comes with. It asks the network, so it runs by hand.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { $, chalk } from 'zx';
import { BASES, IMAGES, type Pin, type Witness } from '../compiler/tools/images.ts';
import { newestOf, releaseOf } from './images/releases.ts';

$.quiet = true;
$.timeout = '300s';
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'mlops-images-'));

/** Three images are of one release: each package is asked about once. */
const answers = new Map<string, Promise<string[]>>();

const clients: Record<Witness['client'], (name: string, current: string, line: string | null) => Promise<string[]>> = {
  npm: async (name) => JSON.parse((await $`npm view ${name} versions --json`).stdout) as string[],
  go: async (name) => (await $({ cwd: folder })`go list -m -versions ${name}`).stdout.trim().split(' ').slice(1),
  maven: newestByMaven,
};

/** Maven's client lists no versions; its plugin says which one is newer than that of a project. */
async function newestByMaven(name: string, current: string, line: string | null): Promise<string[]> {
  const [group = '', artifact = ''] = name.split(':');
  writeFileSync(
    join(folder, 'pom.xml'),
    `<project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>mlops</groupId><artifactId>images</artifactId><version>1</version><packaging>pom</packaging>
      <dependencies>
        <dependency>
          <groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${current}</version>
        </dependency>
      </dependencies>
    </project>`,
  );
  const plugin = 'org.codehaus.mojo:versions-maven-plugin:2.19.1:display-dependency-updates';
  const { stdout } = await $({ cwd: folder })`mvn -B -ntp ${plugin} -DallowMajorUpdates=${line === null}`;
  const newer = / -> ([\w.-]+)/.exec(stdout)?.[1];
  if (newer === undefined && !stdout.includes('No dependencies in Dependencies have newer versions'))
    throw new Error(`Maven does not say whether ${name} has a newer version than ${current}:\n${stdout.slice(-800)}`);
  return [newer ?? current];
}

/** One line per pin; whether it is behind. */
async function judge(pin: Pin): Promise<boolean> {
  const { image, proof, held } = pin;
  const line = held ? chalk.dim(`  (stays on ${held.to})`) : '';
  if ('unverified' in proof) {
    console.log(`${chalk.yellow('unverified')}  ${image}${line}: ${proof.unverified}`);
    return false;
  }
  const current = releaseOf(image);
  const key = `${proof.package} ${current}`;
  answers.set(key, answers.get(key) ?? clients[proof.client](proof.package, current, held?.to ?? null));
  const found = (await answers.get(key)) ?? [];
  const releases = found.map((each) => proof.release?.(each) ?? each);
  const newest = newestOf(releases, held?.to ?? null);
  const source = chalk.dim(`${proof.client}: ${proof.package}`);
  if (newest === current) console.log(`${chalk.green('newest    ')}  ${image}${line}  ${source}`);
  else console.log(`${chalk.red('behind    ')}  ${image}: ${newest ?? 'nothing of its line'}${line}  ${source}`);
  return newest !== current;
}

async function judgeRenovate(): Promise<boolean> {
  await $({ cwd: folder })`npm pack renovate@latest --silent`;
  await $({ cwd: folder })`tar --extract --gzip --file ${await packed()} package/renovate-schema.json`;
  const schema = JSON.parse(readFileSync(join(folder, 'package/renovate-schema.json'), 'utf8')) as object;
  const validate = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);
  const files = ['renovate.json', 'compiler/init/repository/renovate.json'];
  const wrong = files.filter((path) => {
    const isValid = validate(JSON.parse(readFileSync(join(root, path), 'utf8')));
    const errors = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`).join('; ');
    console.log(`${isValid ? chalk.green('valid     ') : chalk.red('not valid ')}  ${path}  ${isValid ? '' : errors}`);
    return !isValid;
  });
  return wrong.length > 0;
}

const packed = async (): Promise<string> => (await $({ cwd: folder })`ls`).stdout.match(/renovate-.*\.tgz/)?.[0] ?? '';

try {
  const behind: boolean[] = [];
  for (const pin of [...Object.values(IMAGES), ...BASES] as Pin[]) behind.push(await judge(pin));
  behind.push(await judgeRenovate());
  process.exitCode = behind.includes(true) ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

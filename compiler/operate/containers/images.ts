/** Our images, each named by the digest of all that it is built from: what has not changed is never built again. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { runtimeOf } from '../../product/product.ts';
import { readIfThere } from '../machine/files.ts';
import type { Workspace } from '../workspace.ts';
import { type BuiltImage, builtFor, type ContainerContract, readContainers, runsInContainers } from './contract.ts';
import { answers, docker } from './engine.ts';

/** Image → SHA-256 of what it would be built from; none of an environment of processes. */
export function imageDigests(workspace: Pick<Workspace, 'root' | 'environment'>): Record<string, string> {
  if (!runsInContainers(workspace)) return {};
  const contract = readContainers(workspace);
  return Object.fromEntries(
    builtFor(contract).flatMap((key) => {
      const image = contract.images[key];
      return image ? [[`image:${key}`, digestOf(workspace.root, image)]] : [];
    }),
  );
}

export const imageName = ({ name }: BuiltImage, digest: string): string => `${name}:${digest.slice(0, 12)}`;

/** The Dockerfile with what lies beside it; the packages' lock and the runtime's wheel, where it takes them. */
function digestOf(root: string, { dockerfile, target }: BuiltImage): string {
  const { lock, wheel } = runtimeOf(root);
  const context = dirname(lock);
  const stated = readIfThere(join(context, dockerfile)) ?? '';
  const hash = createHash('sha256').update(`${dockerfile}\0${target}\0`);
  for (const path of filesBelow(context, dirname(dockerfile)))
    hash.update(`${path}\0`).update(readFileSync(join(context, path)));
  if (stated.includes('requirements.lock'))
    for (const file of [lock, wheel]) if (file !== null) hash.update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(root, path) : [path];
    })
    .sort();
}

/** Image → its name. Builds what is missing, from the checkout, where that is what the release was made with. */
export async function prepareImages(
  workspace: Workspace,
  contract: ContainerContract,
  packages: Record<string, string>,
  note: (text: string) => void,
): Promise<Record<string, string>> {
  const names: Record<string, string> = {};
  for (const key of builtFor(contract)) {
    const image = contract.images[key];
    const digest = packages[`image:${key}`];
    if (!image || digest === undefined) throw new Error(`the release does not say what its image ${key} is made of`);
    const name = imageName(image, digest);
    names[key] = name;
    if (await answers(workspace, ['image', 'inspect', name])) continue;
    if (digestOf(workspace.checkout, image) !== digest)
      throw new OperationError(
        `The image ${name} is gone, and the checkout would build another one: its lock or Dockerfile is not the ` +
          "release's. Check out what the release was made of (`mlops releases show`), and do it again from there.",
      );
    note(`building ${name}`);
    await build(workspace, image, name);
  }
  return names;
}

async function build(workspace: Workspace, { dockerfile, target }: BuiltImage, name: string): Promise<void> {
  const context = dirname(runtimeOf(workspace.checkout).lock);
  const words = ['--file', join(context, dockerfile), ...(target === null ? [] : ['--target', target])];
  await docker(workspace, `The build of ${name}`, ['build', ...words, '--tag', name, context], 'image-build');
}

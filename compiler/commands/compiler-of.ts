/** Which compiler a commit is compiled by: the one that its package pins, or its own sources. */
import { RUNTIME_SOURCES } from '../product/product.ts';
import type { Commit, Repository } from '../source/git.ts';

const PACKAGE = 'mlops-compiler';
const [MANIFEST, LOCK] = ['package.json', 'package-lock.json'];
/** A checkout of the compiler compiles by itself. */
const SOURCES = ['compiler', 'runtime', 'bin', LOCK];

/** Equal texts are one compiler; nothing else is to be read from them. */
export async function compilerOf(repository: Repository, { id }: Commit): Promise<string> {
  const sources = await repository.files(id, SOURCES);
  if (sources.some(({ path }) => path === RUNTIME_SOURCES))
    return JSON.stringify(sources.map((file) => [file.path, file.mode, file.id]));
  const pins = await repository.files(id, [MANIFEST, LOCK]);
  const bytes = await repository.contents(pins.filter(({ mode }) => mode.startsWith('100')));
  return JSON.stringify(pins.map((file) => [file.path, pinnedBy(String(bytes.get(file.id) ?? ''))]));
}

/** Of a manifest or a lock file; all of it where it is damaged. */
function pinnedBy(text: string): unknown {
  try {
    const { dependencies, devDependencies, packages } = JSON.parse(text);
    const { version, resolved, integrity } = packages?.[`node_modules/${PACKAGE}`] ?? {};
    return [dependencies?.[PACKAGE], devDependencies?.[PACKAGE], version, resolved, integrity];
  } catch {
    return text;
  }
}

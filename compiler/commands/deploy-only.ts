/**
 * `mlops deploy --only`: what runs, with the named objects and all that they need as the checkout has them. The mixture
 * is compiled like any other repository, so it is sound, or refused.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Analysis, analyse, emit } from '../compile.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { parseAddress } from '../ir/address.ts';
import { objectsByAddress } from '../ir/objects.ts';
import type { Ir } from '../ir/types.ts';
import { currentRelease, releaseFolder } from '../operate/releases.ts';
import type { Workspace } from '../operate/workspace.ts';
import { unitOf, unitsOf, unitsTaken } from '../plan/part.ts';
import { version } from '../product/product.ts';
import { contentsOf, digestOf, partsOf } from '../release/contents.ts';
import type { Part } from '../release/deploy.ts';
import { commitOf, type Manifest, manifestOf } from '../release/make.ts';
import { readSources } from '../source/read.ts';
import { GENERATED } from '../write/folder.ts';
import { planWrite } from '../write/plan.ts';
import { UsageError } from './command.ts';
import { count } from './report.ts';

const SHOWN = 6;

interface Sides {
  checkout: Workspace;
  base: { manifest: Manifest; folder: string; ir: Ir };
  head: { files: ReadonlyMap<string, string>; ir: Ir; code: ReadonlyMap<string, string> };
  /** Units whose files differ. */
  changed: Set<string>;
}

/** Whoever calls holds the environment's lock. */
export function partOf(checkout: Workspace, words: string): Part {
  const sides = sidesOf(checkout);
  const only = addressesIn(words, sides);
  const { manifest } = sides.base;
  const source = mkdtempSync(join(tmpdir(), 'mlops-part-'));
  const dispose = () => rmSync(source, { recursive: true, force: true });
  try {
    const { taken, ir } = soundMixture(sides, only, source);
    for (const [path, bytes] of generatedOf(ir, checkout.environment)) put(join(source, path), bytes);
    const named = unitsOf(only, { base: sides.base.ir, head: sides.head.ir });
    const along = [...taken].filter((unit) => !named.has(unit)).sort();
    const commit = commitOf(checkout.checkout, partsOf(checkout.environment));
    const partial = { of: manifest.id, only: [...only], along, commit };
    return { source, partial, lines: linesOf(sides, taken, along), dispose };
  } catch (problem) {
    dispose();
    throw problem;
  }
}

function sidesOf(checkout: Workspace): Sides {
  const { environment } = checkout;
  const id = currentRelease(checkout);
  const manifest = id === null ? null : manifestOf(checkout, id);
  if (manifest === null)
    throw new OperationError(
      `Nothing was deployed to '${environment}' yet, so there is nothing that a part could join: ` +
        `\`mlops deploy --env ${environment}\` deploys everything.`,
    );
  const folder = releaseFolder(checkout, manifest.id);
  const baseIr = analyse(readSources(folder)).ir;
  const headSources = readSources(checkout.checkout);
  const headIr = analyse(headSources).ir;
  if (!headIr) throw new OperationError('The specs have errors; `mlops validate` shows them.', 1);
  if (!baseIr || !isWrittenSo(baseIr, environment, manifest)) throw writtenOtherwise(environment, manifest);
  const files = contentsOf(checkout.checkout, environment);
  const paths = [...new Set([...files.keys(), ...Object.keys(manifest.files)])].filter(isOfTheTeam);
  const changed = new Set(paths.filter((path) => files.get(path) !== manifest.files[path]).map(unitOf));
  return {
    checkout,
    base: { manifest, folder, ir: baseIr },
    head: { files, ir: headIr, code: headSources.code },
    changed,
  };
}

const isOfTheTeam = (path: string): boolean => !path.startsWith(`${GENERATED}/`) && !path.startsWith('runtime/');

/** Otherwise a part would bring everything along that this compiler writes in another way. */
function isWrittenSo(ir: Ir, environment: string, { files }: Manifest): boolean {
  const wanted = new Map(generatedOf(ir, environment).map(([path, bytes]) => [path, digestOf(bytes)]));
  const had = Object.keys(files).filter((path) => path.startsWith(`${GENERATED}/`));
  return had.length === wanted.size && had.every((path) => files[path] === wanted.get(path));
}

const writtenOtherwise = (environment: string, { id, compiler }: Manifest): OperationError =>
  new OperationError(
    `Release ${id} was compiled by mlops ${compiler}, and this one (${version()}) would write it otherwise, so a ` +
      `part cannot be deployed alone: everything would change. \`mlops deploy --env ${environment}\` deploys all.`,
    1,
  );

function generatedOf(ir: Ir, environment: string): [path: string, bytes: Buffer][] {
  const { desired } = planWrite(emit(ir), { files: new Map(), owned: new Set() });
  return [...desired]
    .filter(([path]) => ['common', environment].some((folder) => path.startsWith(`${folder}/`)))
    .map(([path, bytes]) => [`${GENERATED}/${path}`, bytes]);
}

function addressesIn(words: string, { base, head }: Sides): string[] {
  const known = new Set([...objectsByAddress(head.ir).keys(), ...objectsByAddress(base.ir).keys()]);
  return words.split(',').map((word) => {
    const address = word.trim().replace(/^([\w-]+):/, (_, kind: string) => `${kind.replaceAll('-', '_')}/`);
    if (parseAddress(address) !== null && known.has(address)) return address;
    const near = didYouMean(address, [...known]) ?? 'such as pipeline:NAME, model:NAME or feature_view:NAME';
    throw new UsageError(`--only '${printable(word.trim())}' names nothing that there is; ${near}`);
  });
}

/** Takes more along while what was taken does not compile with the rest. */
function soundMixture(sides: Sides, only: readonly string[], folder: string): { taken: Set<string>; ir: Ir } {
  const { base, head, changed } = sides;
  const part = { base: base.ir, head: head.ir, only, changed, code: head.code };
  let taken = unitsTaken(part);
  for (;;) {
    mix(sides, taken, folder);
    const analysis = analyse(readSources(folder));
    if (analysis.ir) return { taken, ir: analysis.ir };
    const more = concerned(analysis, changed, taken);
    if (more.length === 0) throw unsound(analysis);
    taken = unitsTaken(part, new Set([...taken, ...more]));
  }
}

/** Where the errors are, and what they point to; names that are declared nowhere may be new in platform.yaml. */
function concerned({ findings }: Analysis, changed: ReadonlySet<string>, taken: ReadonlySet<string>): string[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const files = errors.flatMap(({ at, related }) => [at.file, ...related.map((each) => each.at.file)]);
  const isNews = (unit: string): boolean => changed.has(unit) && !taken.has(unit);
  const found = [...new Set(files.map(unitOf))].filter(isNews);
  return found.length > 0 ? found : ['platform.yaml', 'platform.yml'].filter(isNews);
}

function unsound({ findings }: Analysis): OperationError {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const shown = errors.slice(0, 3).map(({ code, message, at }) => `  ${at.file}: ${code} ${message}`);
  return new OperationError(
    `What runs and this part of the checkout do not go together, so nothing was deployed:\n` +
      `${shown.map(printable).join('\n')}${errors.length > 3 ? `\n  and ${errors.length - 3} more` : ''}\n` +
      '  Name what belongs to it too, or deploy everything.',
    1,
  );
}

function mix({ checkout, base, head }: Sides, taken: ReadonlySet<string>, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const stays = (path: string): boolean => !path.startsWith(`${GENERATED}/`) && !taken.has(unitOf(path));
  for (const path of Object.keys(base.manifest.files).filter(stays)) copy(join(base.folder, path), join(folder, path));
  for (const path of head.files.keys())
    if (isOfTheTeam(path) && taken.has(unitOf(path))) copy(join(checkout.checkout, path), join(folder, path));
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

function put(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

function linesOf({ changed }: Sides, taken: ReadonlySet<string>, along: readonly string[]): string[] {
  const left = [...changed].filter((unit) => !taken.has(unit)).sort();
  const listed = (units: readonly string[]): string =>
    units.slice(0, SHOWN).map(printable).join(', ') +
    (units.length > SHOWN ? ` and ${count(units.length - SHOWN, 'other')}` : '');
  const named = [...taken].filter((unit) => !along.includes(unit)).sort();
  return [
    named.length === 0 ? 'Nothing of what is named differs from what runs.' : `Deployed alone: ${listed(named)}.`,
    ...(along.length === 0 ? [] : [`Taken along, because it is needed: ${listed(along)}.`]),
    ...(left.length === 0 ? [] : [`Left as it runs, though it differs: ${listed(left)}.`]),
  ];
}

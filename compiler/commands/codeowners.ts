import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Analysis, analyse, emit } from '../compile.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { readSources } from '../source/read.ts';
import { withRepositoryLock } from '../write/lock.ts';
import { replaceFiles } from '../write/replace.ts';
import { CODEOWNERS, codeowners, MARK, withPart } from './codeowners-text.ts';
import type { Command, Context } from './command.ts';
import { reportingFailures } from './operating.ts';
import { report } from './report.ts';

export const command: Command = {
  options: {
    check: { type: 'boolean', default: false, help: 'write nothing; exit 1 where the file is not what the specs say' },
  },
  run: ({ options }, context) =>
    reportingFailures(context, async () =>
      options['check'] ? check(context) : withRepositoryLock(context.root, () => write(context)),
    ),
};

function wantedIn(context: Context): { text: string; unknown: string[] } {
  const analysis = analyse(readSources(context.root));
  if (!analysis.ir || !analysis.graph) {
    report(analysis, 'text', context);
    throw new OperationError('The specs have errors, so it is not known whose they are; nothing was written.', 1);
  }
  const found = codeowners(analysis.graph, emit(analysis.ir));
  if (found) return found;
  throw new OperationError(
    'No owner has a name on GitHub, so there is nothing to write. State it in platform.yaml, such as `github: ' +
      '"@acme/logistics"` of an owner.',
    1,
  );
}

function check(context: Context): number {
  const { text } = wantedIn(context);
  const now = read(context.root);
  if (now !== null && now === withPart(now, text)) {
    context.out(`${CODEOWNERS} is current.\n`);
    return 0;
  }
  context.err(`${CODEOWNERS} is ${now === null ? 'not there' : 'not what the specs say'}; run \`mlops codeowners\`.\n`);
  return 1;
}

function write(context: Context): number {
  const { text, unknown } = wantedIn(context);
  const now = read(context.root);
  const wanted = withPart(now, text);
  if (now === null) {
    mkdirSync(join(context.root, dirname(CODEOWNERS)), { recursive: true });
    writeFileSync(join(context.root, CODEOWNERS), wanted, { flag: 'wx' });
  } else if (now !== wanted) replaceFiles(context.root, new Map([[CODEOWNERS, wanted]]));
  context.out(`${CODEOWNERS}: ${now === wanted ? 'nothing changed' : now === null ? 'new' : 'changed'}.\n`);
  for (const owner of unknown)
    context.err(
      `Owner '${owner}' has no \`github\` in platform.yaml: what is theirs goes to the default owner on GitHub.\n`,
    );
  return 0;
}

/** Null where there is none. Nothing is read or written through a link. */
function read(root: string): string | null {
  for (const path of [dirname(CODEOWNERS), CODEOWNERS]) {
    const found = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (!found) return null;
    const isRight = path === CODEOWNERS ? found.isFile() : found.isDirectory();
    if (!isRight)
      throw new OperationError(`${path} is a link or something else than it should be; nothing was written.`);
  }
  return readFileSync(join(root, CODEOWNERS), 'utf8');
}

/** A sentence where a file that we have written is not what the specs say. */
export function staleCodeowners(root: string, { graph, ir }: Analysis): string | null {
  let now: string | null = null;
  try {
    now = read(root);
  } catch {
    return null;
  }
  if (!now?.includes(MARK) || !graph || !ir) return null;
  const wanted = codeowners(graph, emit(ir));
  return wanted && withPart(now, wanted.text) === now
    ? null
    : `stale    ${CODEOWNERS}: it is not what the specs say; run \`mlops codeowners\``;
}

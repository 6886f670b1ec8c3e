import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { placesIn } from '../source/locate.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PKG001: {
    severity: 'error',
    title: 'A lock file that cannot be installed from',
    why:
      'Packages are installed by exact version and hash alone, so that what was reviewed is what runs; everything ' +
      'else fails at `mlops up`, or would bring code from elsewhere.',
    example: 'pandas>=2 in a requirements.lock',
    fix: 'Write it with `uv pip compile --universal --generate-hashes requirements.in -o requirements.lock`.',
  },
});

/** Every line of a folder's own lock file is a package with its version and its hashes. */
export const locks: Check = {
  codes,
  run: ({ locks: all }) => [...all].flatMap(([file, text]) => problemsOf(file, text)),
};

const HELP =
  'let uv write it from what you need: uv pip compile --universal --generate-hashes requirements.in -o ' +
  'requirements.lock';

/** Who wrote a hundred of them needs only the first few. */
const MOST = 20;

interface Line {
  /** Without comments and what joins its parts. */
  text: string;
  /** Where it begins, and how long its first part is. */
  offset: number;
  length: number;
}

function problemsOf(file: string, text: string): Finding[] {
  const placeOf = placesIn(file, text);
  const at = ({ offset, length }: Line) => placeOf(offset, length);
  const lines = joined(text);
  const judged = lines.map((line) => ({ line, problem: problemIn(line.text) }));
  const bare = judged.filter(({ problem }) => problem === NO_HASH);
  const found = judged.flatMap(({ line, problem }) => {
    if (problem === null || (problem === NO_HASH && bare.length === lines.length && line !== lines[0])) return [];
    const more = problem === NO_HASH && bare.length === lines.length && lines.length > 1;
    const message = more ? `None of the ${lines.length} packages has a hash.` : `${shown(line.text)} ${problem}.`;
    return [finding('PKG001', at(line), message, { help: HELP })];
  });
  return [...found, ...doubled(lines, (line) => at(line))].slice(0, MOST);
}

/** A line that ends in a backslash goes on in the next one. */
function joined(text: string): Line[] {
  const lines: Line[] = [];
  let offset = 0;
  let open: Line | null = null;
  for (const raw of text.split('\n')) {
    const part = raw.replace(/\r$/, '').replace(/(^|\s)#.*$/, '');
    const goesOn = /\\\s*$/.test(part);
    const content = part.replace(/\\\s*$/, '').trim();
    if (open) open.text = `${open.text} ${content}`.trim();
    else if (content !== '') {
      open = { text: content, offset: offset + raw.indexOf(content), length: content.length };
      lines.push(open);
    }
    if (!goesOn) open = null;
    offset += raw.length + 1;
  }
  return lines;
}

const shown = (text: string): string => `'${text.replace(/\s*--hash=.*$/, '').slice(0, 80)}'`;

const NO_HASH = 'has no hash';
const FOREIGN = /^(-i|-f|--(extra-)?index-url|--find-links|--trusted-host|--no-index)\b/;
const OTHER_FILE = /^(-r|-c|--requirements?|--constraints?)\b/;
const EDITABLE = /^(-e|--editable)\b/;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\s*\[[A-Za-z0-9._, -]*\])?\s*/;
const PIN = /^==\s*[0-9A-Za-z!][0-9A-Za-z.!+_-]*$/;
const HASH = /^--hash=(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

/** The end of a sentence about the line; null where all is well. */
function problemIn(text: string): string | null {
  if (FOREIGN.test(text)) return "would fetch packages from elsewhere than the platform's own index";
  if (OTHER_FILE.test(text)) return 'leads to another file: a lock is whole by itself';
  if (EDITABLE.test(text)) return 'would run code of a folder that is no released package';
  if (text.startsWith('-')) return 'is an option: a lock lists packages alone';
  const words = text.split(/\s+(?=--)/);
  const requirement = words[0] ?? '';
  const options = words.slice(1);
  const pinned = pinProblem(requirement);
  if (pinned) return pinned;
  if (options.some((each) => !each.startsWith('--hash=')))
    return 'has an option: a lock lists versions and hashes alone';
  if (options.some((each) => !HASH.test(each))) return 'has a hash that is none: sha256: and 64 hexadecimal digits';
  return options.length === 0 ? NO_HASH : null;
}

function pinProblem(requirement: string): string | null {
  if (/^[a-z+]{2,12}:\/\/|^git\+|^\.{0,2}\/|@\s*[a-z+]{2,12}:|\.(whl|zip|tar\.gz)$/i.test(requirement))
    return 'is an address: only packages of the index can be installed';
  const name = NAME.exec(requirement)?.[0];
  if (name === undefined || /[$`"|&<>(){}\\]/.test(requirement.replace(/;.*$/, '').replace(/[<>]=?/, '')))
    return 'is no package with its version';
  const [version = '', ...marker] = requirement.slice(name.length).split(';');
  if (PIN.test(version.trim()))
    return marker.length > 1 || marker[0]?.trim() === '' ? 'has a condition that is none' : null;
  return /^\s*(===|[<>~!=]=|[<>])|^\s*$/.test(version)
    ? 'is not pinned to one version by =='
    : 'is no package with its version';
}

/** Of a package without a condition there is one version. */
function doubled(lines: readonly Line[], at: (line: Line) => Finding['at']): Finding[] {
  const first = new Map<string, Line>();
  return lines.flatMap((line) => {
    const name = /^[A-Za-z0-9._-]+/
      .exec(line.text)?.[0]
      .toLowerCase()
      .replace(/[._-]+/g, '-');
    if (name === undefined || line.text.includes(';')) return [];
    const other = first.get(name);
    first.set(name, other ?? line);
    if (!other || line.text.startsWith('-')) return [];
    const related = [{ message: 'the first one is here', at: at(other) }];
    return [finding('PKG001', at(line), `There are two lines for ${name}.`, { help: HELP, related })];
  });
}

/** Findings of secrets, and everything that is shown without them. */
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import { finding } from './codes.ts';
import { type Found, secretsOfSpec, secretsOfText } from './find.ts';

export interface Secrets {
  findings: Finding[];
  /** Without the secrets in their messages. */
  silenced(findings: readonly Finding[]): Finding[];
  /** Texts of the files, with every secret covered up; all else stands where it stood. */
  shown(texts: ReadonlyMap<string, string>): Map<string, string>;
}

/** `specs` may be other YAML, too: of that, and of `texts`, only what is a secret by its looks. */
export function lookForSecrets(
  specs: readonly ParsedSpec[],
  isSpec: (path: string) => boolean,
  texts: ReadonlyMap<string, string>,
): Secrets {
  const found = [
    ...specs.flatMap((spec) => (isSpec(spec.path) ? secretsOfSpec(spec) : secretsOfText(spec.path, spec.text))),
    ...[...texts].flatMap(([file, text]) => secretsOfText(file, text)),
  ];
  const byFile = new Map<string, Found[]>();
  for (const each of found) {
    const others = byFile.get(each.at.file);
    if (others) others.push(each);
    else byFile.set(each.at.file, [each]);
  }
  return {
    findings: capped(found).map((each) =>
      finding('PLT004', each.at, `${each.what}: everybody who can read the repository would know it.`, {
        help: help(each),
      }),
    ),
    silenced: (findings) => findings.map((each) => silenced(each, byFile)),
    shown: (all) => new Map([...all].map(([file, text]) => [file, covered(text, byFile.get(file) ?? [])])),
  };
}

const MOST = 20;

/** Of each file the first few. */
function capped(found: readonly Found[]): Found[] {
  const counts = new Map<string, number>();
  return found.filter(({ at }) => {
    const count = (counts.get(at.file) ?? 0) + 1;
    counts.set(at.file, count);
    return count <= MOST;
  });
}

/** What there is to write instead, in its place. */
function help({ kind, path, what }: Found): string {
  const [first, second] = path;
  const key = /^'([a-z][a-z0-9_]*)'/.exec(what)?.[1];
  if (kind === 'Platform' && first === 'connections')
    return `write '${key ?? 'password'}: {secret: ${String(second ?? 'NAME')}}'`;
  if (path.includes('services')) return 'list it under `secrets:`, and set the variable to its file: /run/secrets/NAME';
  if (path.includes('alerting'))
    return (
      'give Slack its address by `slack: {secret: NAME}`, and a mail server its password by ' +
      '`password: {secret: NAME}`; any other chat needs a relay that knows the address'
    );
  if (path.includes('with') || path.includes('train'))
    return 'state a connection with `{secret: NAME}` in platform.yaml, and let the step have it by `connections:`';
  return 'take it out, withdraw it where it was issued, and give what needs the new one a `{secret: NAME}`';
}

const COVER = '*';

function covered(text: string, found: readonly Found[]): string {
  if (found.length === 0) return text;
  const characters = text.split('');
  for (const {
    hidden: [from, to],
  } of found)
    for (let at = from; at < to; at += 1) if (!/[\r\n]/.test(characters[at] ?? '\n')) characters[at] = COVER;
  return characters.join('');
}

/** A secret that is known by its key alone may be any word: it is taken out only of what speaks of its line. */
function silenced(each: Finding, found: ReadonlyMap<string, readonly Found[]>): Finding {
  const places = [each.at, ...each.related.map(({ at }) => at)];
  const near = [...new Set(places.map(({ file }) => file))].flatMap((file) => {
    const all = found.get(file) ?? [];
    const isFew = all.length <= MOST;
    return all.filter(({ at, isCertain }) => (isCertain && isFew) || places.some((place) => isOnLinesOf(place, at)));
  });
  if (near.length === 0) return each;
  const texts = [...new Set(near.flatMap(({ text }) => [text, ...text.split('\n')]))]
    .filter((text) => text.trim().length > 2)
    .sort((a, b) => b.length - a.length);
  const clean = (text: string): string => texts.reduce((rest, secret) => rest.split(secret).join('***'), text);
  const place = (at: Place): Place => ({ ...at, path: clean(at.path) });
  return {
    ...each,
    message: clean(each.message),
    help: each.help === null ? null : clean(each.help),
    related: each.related.map(({ message, at }) => ({ message: clean(message), at: place(at) })),
    at: place(each.at),
    fix: withoutSecrets(each.fix, texts),
  };
}

const isOnLinesOf = (a: Place, b: Place): boolean => a.file === b.file && a.line <= b.endLine && b.line <= a.endLine;

/** An edit that would write a secret again is none that is offered. */
const withoutSecrets = (fix: Finding['fix'], texts: readonly string[]): Finding['fix'] =>
  fix && [fix.title, ...fix.edits.map(({ to }) => to)].some((text) => texts.some((each) => text.includes(each)))
    ? null
    : fix;

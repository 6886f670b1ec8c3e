/** The one recogniser of secrets: what in a text lets in whoever has it. */
import { isQueryKey, type Weight, weightOf } from './keys.ts';
import { shapes } from './shapes.ts';

/** A part of a text that is secret, from one offset to another. */
export interface Secret {
  from: number;
  to: number;
  /** The beginning of a sentence that says what is wrong, with its verb. */
  what: string;
  /** Known by its own looks, whatever stands around it. */
  isCertain: boolean;
}

/** Secrets by their own looks: tokens, private keys, and the passwords and signatures of addresses. */
export function certainSecrets(text: string): Secret[] {
  const lower = text.toLowerCase();
  const known = shapes.filter(({ hints }) => hints.some((hint) => lower.includes(hint)));
  return apart([
    ...known.flatMap(({ what, pattern }) =>
      matches(text, pattern).map((part) => secret(part, `This is ${what}`, true)),
    ),
    ...(lower.includes('://') || lower.includes('jdbc:') ? inAddresses(text) : []),
  ]);
}

/** Those, and what assignments in the text, and the key that it stands under, say to be one. */
export function secretsIn(text: string, key: string | null): Secret[] {
  const certain = certainSecrets(text);
  const byKey = key === null ? null : underKey(key, text);
  if (byKey && certain.length === 0) return [byKey];
  return apart([...certain, ...assigned(text)]);
}

interface Part {
  from: number;
  to: number;
  text: string;
}

const secret = ({ from, to }: Part, what: string, isCertain: boolean): Secret => ({ from, to, what, isCertain });

/** The last group that matched, or all of it. */
function matches(text: string, pattern: RegExp): Part[] {
  return [...text.matchAll(pattern)].map((match) => {
    const part = match[1] ?? match[0];
    const from = match.index + match[0].lastIndexOf(part);
    return { from, to: from + part.length, text: part };
  });
}

/** Of those that overlap, the one that begins first. */
function apart(secrets: readonly Secret[]): Secret[] {
  const kept: Secret[] = [];
  for (const each of [...secrets].sort((a, b) => a.from - b.from))
    if (each.from >= (kept.at(-1)?.to ?? 0)) kept.push(each);
  return kept;
}

// People forget to encode the '@' and '/' of a password; digits before a '/' are a port.
const USERINFO =
  /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/[^\s/?#@:"'`]{0,200}:(?![0-9]{1,5}[/?#])([^\s"'`]{1,300})@/g;
/** A user without a password: some hosts take a token for it. */
const USER = /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/([A-Za-z0-9_.~%-]{16,300})@/g;
const ORACLE = /jdbc:oracle:[a-z]{2,5}:[^/\s:@]{1,100}\/([^@\s]{1,200})@/gi;
const QUERY = /[?&;#]([A-Za-z][A-Za-z0-9_.-]{0,60})=([^\s&#;"'`<>]{1,2000})/g;

function inAddresses(text: string): Secret[] {
  const passwords = [...matches(text, USERINFO), ...matches(text, ORACLE)].filter((part) => isMeant(part.text));
  const tokens = matches(text, USER).filter((part) => isRandom(part.text));
  const parameters = [...text.matchAll(QUERY)].flatMap(({ 0: whole, 1: key = '', 2: value = '', index }) => {
    const from = index + whole.length - value.length;
    return isParameter(key, value) ? [{ from, to: from + value.length, text: key }] : [];
  });
  return [
    ...passwords.map((part) => secret(part, 'The URL contains a password', true)),
    ...tokens.map((part) => secret(part, 'The URL contains a token', true)),
    ...parameters.map((part) => secret(part, `The URL contains a secret in '${part.text}'`, true)),
  ];
}

function isParameter(key: string, value: string): boolean {
  const weight = weightOf(key);
  if (isQueryKey(key)) return isMeant(value) && value.length >= 6 && /[0-9%+/=]|[a-z][A-Z]/.test(value);
  return weight !== null && weight !== 'word' && isMeant(value) && value.length >= 4;
}

/** What stands under a key, if that and the text together make it a secret. */
function underKey(key: string, text: string): Secret | null {
  const value = text.trim();
  if (!isSecretUnder(weightOf(key), value)) return null;
  return { from: 0, to: text.length, what: `'${key.slice(0, 60)}' is in plain text`, isCertain: false };
}

function isSecretUnder(weight: Weight, value: string): boolean {
  if (weight === null || !isMeant(value) || isProse(value)) return false;
  if (weight === 'word') return isRandom(value) && !isDigest(value);
  if (/^-?[0-9]+(\.[0-9]*)?$/.test(value))
    return weight === 'password' || value.length >= (weight === 'secret' ? 4 : 8);
  // A plain word beside a bare `token` is rather a word of a text.
  return weight !== 'token' || /[^a-z]/.test(value) || value.length >= 16;
}

const ASSIGNED = new RegExp(
  [
    '(?<![A-Za-z0-9_.:-])(?:--?)?([A-Za-z_][A-Za-z0-9_.-]{2,60})["\']?',
    '( {0,2}=(?![=~]) {0,2}| {0,2}: {0,2}| {1,3})',
    '("[^"\\n]{1,300}"|\'[^\'\\n]{1,300}\'',
    // What is filled in is taken whole.
    '|\\$\\{[^}\\n]{0,100}\\}|\\{\\{[^}\\n]{0,100}\\}\\}|\\$\\([^)\\n]{0,100}\\)|<[^<>\\n]{0,100}>',
    '|[^\\s"\'`,;&|<>(){}[\\]]{1,500})',
  ].join(''),
  'g',
);
const CURL = /\bcurl\b[^\n|;]{0,300}?\s(?:-u|--user)[ =]{0,3}["']?[^\s:"']{1,100}:([^\s"']{1,200})/g;
const SSHPASS = /\b(?:sshpass\s{1,3}-p|requirepass|masterauth)\s{0,3}["']?([^\s"']{1,200})/g;

/** `--password x`, `PASSWORD=x`, `"password": "x"`. */
function assigned(text: string): Secret[] {
  const found = [...matches(text, CURL), ...matches(text, SSHPASS)]
    .filter((part) => isMeant(part.text))
    .map((part) => secret(part, 'The command contains a password', false));
  ASSIGNED.lastIndex = 0;
  for (let match = ASSIGNED.exec(text); match; match = ASSIGNED.exec(text)) {
    const [whole, key = '', joint = '', stated = ''] = match;
    // What is no assignment of a secret may be the key of the next one.
    ASSIGNED.lastIndex = match.index + whole.length - stated.length;
    const quoted = /^["']/.test(stated);
    const value = quoted ? stated.slice(1, -1) : stated;
    const isOption = whole.startsWith('-');
    if (!isAssignedSecret(weightOf(key), value, { joint: joint.trim(), quoted, isOption })) continue;
    const from = match.index + whole.length - stated.length + (quoted ? 1 : 0);
    found.push(secret({ from, to: from + value.length, text: value }, `'${key}' is in plain text`, false));
  }
  return found;
}

interface How {
  joint: string;
  quoted: boolean;
  isOption: boolean;
}

/** In a sentence, what follows a colon or a space is mostly the next word. */
function isAssignedSecret(weight: Weight, value: string, { joint, quoted, isOption }: How): boolean {
  if (!isSecretUnder(weight, value)) return false;
  if (joint === '=') return weight !== 'token' || value.length >= 6;
  if (joint === '') return isOption && !value.startsWith('-');
  return quoted || looksMade(value);
}

/** What stands for a secret: a variable, a file, a name in a vault; or says that there is none. */
const STANDS_FOR =
  /^(\$\{[^}]*\}|\$\([^)]*\)|\$[A-Z_][A-Z0-9_]*|\{\{[^}]*\}\}|\{[^}]*\}|%\([^)]*\)s|%[A-Z_]+%|<[^<>]*>|\[[^\]]*\])+$/;
const ELSEWHERE = /^(env|vault|file|secret|secrets|ssm|arn|gcp|gcpsm|azure|aws|awssm|op|sops|keyring|k8s|ref|https?):/i;
const PATH = /^(\.{0,2}\/|~\/)[A-Za-z0-9._~/-]*$/;
const NO_SECRETS =
  'none null nil true false yes no on off env vault file prompt required optional redacted masked hidden unset todo ' +
  'tbd placeholder string str bytes text int integer basic bearer oauth2? iam ldap kerberos your[-_\\s].* [*x.•#_-]+';
const NOTHING = new RegExp(`^(${NO_SECRETS.replaceAll(' ', '|')})$`, 'i');

const isMeant = (value: string): boolean =>
  value !== '' && ![STANDS_FOR, ELSEWHERE, PATH, NOTHING].some((pattern) => pattern.test(value.trim()));

/** A pass phrase has few words. */
const isProse = (value: string): boolean => value.split(/\s+/).length > 5;

const looksMade = (value: string): boolean => value.length >= 7 && /[0-9]/.test(value) && /[A-Za-z]/.test(value);

const isDigest = (value: string): boolean =>
  /^(sha\d+:)?([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i.test(value) ||
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/** Letters and digits in no order that a person would write. */
function isRandom(value: string): boolean {
  if (!/^[A-Za-z0-9+/=_.~%-]{16,2000}$/.test(value)) return false;
  return value.split(/[-_./~%]/).some((piece) => piece.length >= 16 && changes(piece) >= 4 && entropy(piece) >= 3.2);
}

/** How often digits, small and large letters change places. */
function changes(text: string): number {
  const kinds = [...text].map((each) => (/[0-9]/.test(each) ? 0 : /[a-z]/.test(each) ? 1 : 2));
  return kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
}

/** Bits per character, after Shannon. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const each of text) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

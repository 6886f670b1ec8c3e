import { type Document, isAlias, isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { type Finding, wholeFile } from '../diagnostics/diagnostic.ts';
import { lineStarts } from '../diagnostics/lines.ts';
import { finding } from './codes.ts';
import { MAX_KEYS, MAX_REPEATED, overLimit } from './limits.ts';
import { placeAt } from './locate.ts';
import type { ParsedSpec } from './parsed-spec.ts';
import type { SourceFile } from './read.ts';
import { explainSyntax } from './syntax.ts';

export interface Parsed {
  specs: ParsedSpec[];
  findings: Finding[];
}

export function parseAll(files: readonly SourceFile[]): Parsed {
  const results = files.map(parsedOnce);
  return {
    specs: results.flatMap(({ spec }) => (spec ? [spec] : [])),
    findings: results.flatMap(({ findings }) => findings),
  };
}

const known = new WeakMap<SourceFile, Result>();

/** An editor asks again after each keystroke; a file that is the same object has not changed. */
function parsedOnce(file: SourceFile): Result {
  const result = known.get(file) ?? parseSpec(file);
  known.set(file, result);
  return result;
}

interface Result {
  spec: ParsedSpec | null;
  findings: Finding[];
}

const refuse = (found: Finding): Result => ({ spec: null, findings: [found] });

export function parseSpec(file: SourceFile): Result {
  if (file.refused)
    return refuse(finding('YML008', wholeFile(file.path), `${file.path} is not read: ${file.refused}.`));
  const text = decode(file.bytes);
  if (text === null) return refuse(finding('YML003', placeOfBadByte(file), `${file.path} is not UTF-8 text.`));
  const over = overLimit(text);
  const lines = new LineCounter();
  if (over) {
    for (const start of lineStarts(text)) lines.addNewLine(start);
    return refuse(
      finding(
        'YML004',
        placeAt(file.path, lines, [over.offset, over.offset + 1], []),
        `${file.path} is not read: ${over.reason}.`,
      ),
    );
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    version: '1.2',
    logLevel: 'error',
    merge: false,
  });
  const spec: ParsedSpec = { path: file.path, text, document, lines, value: undefined, sound: true };
  const findings = problems(spec);
  spec.sound = findings.length === 0;
  spec.value = findings.some(({ code }) => code === 'YML006') ? undefined : plainValue(document);
  return { spec, findings };
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function placeOfBadByte(file: SourceFile) {
  let good = 0;
  let bad = file.bytes.length;
  // The longest prefix that decodes (cut inside a character is fine for streaming) ends where the bad byte is.
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(file.bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  const before = new TextDecoder('utf-8').decode(file.bytes.subarray(0, good)).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { ...wholeFile(file.path), line: before.length, column, endLine: before.length, endColumn: column + 1 };
}

function plainValue(document: Document): unknown {
  try {
    return withoutPrototypes(document.toJS({ maxAliasCount: 0 }));
  } catch {
    return undefined;
  }
}

/** Maps that hold their own keys alone: elsewhere a name such as `constructor` leads to what every object has. */
function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, withoutPrototypes(each)] as const);
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

function problems(spec: ParsedSpec): Finding[] {
  const { path, document, lines } = spec;
  const [syntax] = document.errors;
  if (syntax) {
    const { range, sentence } = explainSyntax(syntax, spec);
    return [finding('YML001', placeAt(path, lines, range, []), sentence)];
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return [finding('YML002', wholeFile(path), `${path} is empty.`)];
  }
  return capped(structuralProblems(spec));
}

/** The last one that is shown says how many are not. */
function capped(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
  const shown = new Map<string, number>();
  return findings.flatMap((each) => {
    const number = (shown.get(each.code) ?? 0) + 1;
    shown.set(each.code, number);
    const more = (counts.get(each.code) ?? 0) - MAX_REPEATED;
    if (number < MAX_REPEATED || more <= 0) return number <= MAX_REPEATED ? [each] : [];
    return number === MAX_REPEATED ? [{ ...each, message: `${each.message} (${more} more of these follow.)` }] : [];
  });
}

/** They only state what a plain value is anyway. */
const CORE_TAGS = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
);

const shownTag = (tag: string): string => tag.replace('tag:yaml.org,2002:', '!!');

/** No name of a spec has this form; other programs that read a spec may take it for an object's prototype. */
const FORBIDDEN = '__proto__';

function structuralProblems(spec: ParsedSpec): Finding[] {
  const findings: Finding[] = [];
  const at = (node: { range?: [number, number, number] | null }) =>
    placeAt(spec.path, spec.lines, node.range ?? [0, 1], []);
  visit(spec.document, {
    Node(_, node) {
      if (isAlias(node))
        findings.push(finding('YML006', at(node), `Aliases (*${node.source}) are not part of the spec language.`));
      else if (node.anchor)
        findings.push(finding('YML006', at(node), `Anchors (&${node.anchor}) are not part of the spec language.`));
      else if (node.tag && !CORE_TAGS.has(node.tag))
        findings.push(finding('YML006', at(node), `Tags (${shownTag(node.tag)}) are not part of the spec language.`));
    },
    Map(_, map) {
      if (map.items.length > MAX_KEYS)
        findings.push(
          finding('YML004', at(map), `A map has ${map.items.length} keys; at most ${MAX_KEYS} are allowed.`),
        );
      const seen = new Map<unknown, unknown>();
      for (const { key } of map.items) {
        if (!isNode(key)) continue;
        if (isCollection(key) || !isScalar(key)) {
          if (isCollection(key))
            findings.push(finding('SPC004', at(key), 'A key must be a plain word, not a list or a map.'));
          continue;
        }
        const name = String(key.value);
        if (name === '<<' && key.type === 'PLAIN')
          findings.push(finding('YML006', at(key), 'Merge keys (<<) are not part of the spec language.'));
        if (name === FORBIDDEN) findings.push(finding('YML007', at(key), `The key '${name}' is forbidden.`));
        const first = seen.get(name);
        if (first)
          findings.push(
            finding('YML005', at(key), `The key '${name}' occurs twice in this map.`, {
              related: [{ message: 'it first occurs here', at: at(first as typeof key) }],
            }),
          );
        else seen.set(name, key);
      }
    },
  });
  if (findings.length === 0 && !isMap(spec.document.contents)) {
    findings.push(
      finding(
        'SPC004',
        at(spec.document.contents ?? {}),
        'A spec is a map of keys and values, but this file holds something else.',
      ),
    );
  }
  return findings;
}

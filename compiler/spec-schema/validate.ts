import type { ErrorObject } from 'ajv';
import { type Finding, type FindingDetails, hasErrors } from '../diagnostics/diagnostic.ts';
import { nearest, respelt, spelling } from '../diagnostics/nearest.ts';
import { type Path, placeOfKey, placeOfValue } from '../source/locate.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import { finding } from './codes.ts';
import { isKind, type Kind, kinds, kindsAt, type SpecTypes } from './kinds.ts';

/** A spec whose kind is known. `value` may only be trusted as the type says when `valid`. */
export interface Spec<K extends Kind = Kind> {
  kind: K;
  path: string;
  /** Folder of the file, without a trailing slash; empty for platform.yaml. */
  folder: string;
  source: ParsedSpec;
  value: SpecTypes[K];
  valid: boolean;
}

export interface Validated {
  specs: Spec[];
  findings: Finding[];
}

export function validateAll(parsed: readonly ParsedSpec[]): Validated {
  const specFolders = new Set(parsed.filter(({ path }) => kindsAt(path).length > 0).map(({ path }) => folderOf(path)));
  const results = parsed.map((source) => validatedOnce(source, specFolders));
  return {
    specs: results.flatMap(({ spec }) => (spec ? [spec] : [])),
    findings: results.flatMap(({ findings }) => findings),
  };
}

const known = new WeakMap<ParsedSpec, ReturnType<typeof validateSpec>>();

/** What stands in a place of its own is judged by itself; the same object has not changed. */
function validatedOnce(source: ParsedSpec, specFolders: ReadonlySet<string>): ReturnType<typeof validateSpec> {
  if (kindsAt(source.path).length === 0) return validateSpec(source, specFolders);
  const result = known.get(source) ?? validateSpec(source, specFolders);
  known.set(source, result);
  return result;
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function validateSpec(
  source: ParsedSpec,
  specFolders: ReadonlySet<string>,
): { spec: Spec | null; findings: Finding[] } {
  const allowed = kindsAt(source.path);
  const stated = (source.value as { kind?: unknown } | undefined)?.kind;
  const misplacement = allowed.length === 0 ? misplaced(source, stated, specFolders) : [];
  if (allowed.length === 0 && !isKind(stated)) return { spec: null, findings: misplacement };
  const kind = isKind(stated) ? stated : guessKind(stated, allowed);
  const spec: Spec = {
    kind,
    path: source.path,
    folder: folderOf(source.path),
    source,
    value: source.value as SpecTypes[Kind],
    valid: false,
  };
  if (allowed.length === 0) return { spec, findings: misplacement };
  if (!source.sound) return { spec, findings: [] };
  const lost = stated === undefined ? lostKind(source, allowed) : null;
  if (lost) return { spec, findings: [lost] };
  const findings =
    isKind(stated) || stated === undefined ? checkKnownKind(spec, allowed) : [unknownKind(source, stated)];
  spec.valid = !hasErrors(findings);
  return { spec, findings };
}

const guessKind = (stated: unknown, allowed: Kind[]): Kind => {
  const near = typeof stated === 'string' ? nearest(stated, allowed) : null;
  return isKind(near) ? near : (allowed.at(-1) ?? 'Platform');
};

/** Without its kind nothing else of a spec can be judged, unless its place allows only one. */
function lostKind(source: ParsedSpec, allowed: Kind[]): Finding | null {
  const slip = Object.keys(source.value as object).find((key) => nearest(key, ['kind']) !== null);
  if (slip !== undefined)
    return finding('SPC003', placeOfKey(source, [slip]), `Unknown key '${slip}' in the spec.`, respelt(slip, 'kind'));
  return allowed.length === 1
    ? null
    : finding('SPC005', placeOfValue(source, []), "The spec lacks the required key 'kind'.", {
        help: `add 'kind: ${allowed.join("' or 'kind: ")}'`,
      });
}

function unknownKind(source: ParsedSpec, stated: unknown): Finding {
  const names = Object.keys(kinds);
  return finding('SPC001', placeOfValue(source, ['kind']), `There is no kind ${shown(stated)}.`, {
    ...(typeof stated === 'string'
      ? spelling(stated, names, `the kinds are ${names.join(', ')}`)
      : { help: `the kinds are ${names.join(', ')}` }),
  });
}

/** YAML files that are no specs are the team's own business, unless they look like a lost spec. */
function misplaced(source: ParsedSpec, stated: unknown, specFolders: ReadonlySet<string>): Finding[] {
  const name = source.path.slice(source.path.lastIndexOf('/') + 1);
  const alone =
    !specFolders.has(folderOf(source.path)) && nearest(name, ['pipeline.yaml', 'model.yaml', 'platform.yaml']) !== null;
  if (!isKind(stated) && !alone) return [];
  const where = isKind(stated)
    ? `A ${stated} stands ${kinds[stated].place}`
    : `A spec in this folder is called ${nearest(name, ['pipeline.yaml', 'model.yaml', 'platform.yaml'])}`;
  return [
    finding('SPC002', placeOfValue(source, ['kind']), `${where}; this file is ${source.path}.`, {
      help: 'move or rename the file',
    }),
  ];
}

function checkKnownKind(spec: Spec, allowed: Kind[]): Finding[] {
  const { kind, source } = spec;
  if (!allowed.includes(kind)) {
    return [
      finding(
        'SPC002',
        placeOfValue(source, ['kind']),
        `A ${kind} stands ${kinds[kind].place}; this file is ${source.path}.`,
        {
          help: 'move the file, or correct its kind',
        },
      ),
    ];
  }
  const { validate } = kinds[kind];
  if (validate(source.value)) return [];
  return translate(spec, validate.errors ?? []);
}

function translate(spec: Spec, errors: readonly ErrorObject[]): Finding[] {
  // A misspelt required key is one mistake, not an unknown key and a missing one.
  const explained = new Set<string>();
  for (const each of errors) {
    if (each.keyword !== 'additionalProperties') continue;
    const near = nearest(each.params['additionalProperty'] as string, knownKeys(each));
    if (near) explained.add(`${each.instancePath}/${near}`);
  }
  return errors.flatMap((each) => {
    if (each.keyword === 'propertyNames') return [];
    if (each.keyword === 'required' && explained.has(`${each.instancePath}/${each.params['missingProperty']}`))
      return [];
    return [describe(spec.source, each)];
  });
}

const knownKeys = (error: ErrorObject): string[] =>
  Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});

const pathOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));

function toPath(source: ParsedSpec, pointer: string): Path {
  // Items of lists are addressed by number.
  let value: unknown = source.value;
  return pathOf(pointer).map((step) => {
    const key = Array.isArray(value) ? Number(step) : step;
    value = (value as Record<string | number, unknown> | undefined)?.[key];
    return key;
  });
}

type Code = Parameters<typeof finding>[0];

type Translation = {
  code: Code;
  message: string;
  help?: string | null | undefined;
  fix?: FindingDetails['fix'];
  on?: 'key' | 'value';
  child?: string;
};

function describe(source: ParsedSpec, error: ErrorObject): Finding {
  const path = toPath(source, error.instancePath);
  const name =
    path.length === 0 ? 'the spec' : `'${path.filter((step) => typeof step === 'string').at(-1) ?? path.at(-1)}'`;
  const { code, message, help, fix, on, child } = translation(error, name);
  const place =
    child === undefined
      ? on === 'key'
        ? placeOfKey(source, path)
        : placeOfValue(source, path)
      : placeOfKey(source, [...path, child]);
  return finding(code, place, message, { help, fix });
}

const words: Record<string, string> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
};

function translation(error: ErrorObject, name: string): Translation {
  const { keyword, params } = error;
  const schema = error.parentSchema as { 'x-code'?: Code; 'x-expected'?: string; 'x-zero'?: Code } | undefined;
  if (keyword === 'additionalProperties') {
    const key = params['additionalProperty'] as string;
    const known = knownKeys(error);
    return {
      code: 'SPC003',
      message: `Unknown key '${key}' in ${name}.`,
      ...spelling(key, known, `the keys here are ${known.join(', ')}`),
      child: key,
    };
  }
  if (keyword === 'required')
    return {
      code: codeOfMissing(error),
      message: `${capital(name)} lacks the required key '${params['missingProperty']}'.`,
      on: 'key',
    };
  if (keyword === 'type' && schema?.['x-expected'])
    return { code: schema['x-code'] ?? 'SPC004', message: `${shown(error.data)} is not ${schema['x-expected']}.` };
  if (keyword === 'type') {
    const wanted = [params['type'] as string | string[]].flat().map((type) => words[type] ?? type);
    return {
      code: 'SPC004',
      message: `${capital(name)} must be ${wanted.join(' or ')}, and is ${shown(error.data)}.`,
      fix: plainly(error.data, [params['type'] as string | string[]].flat()),
    };
  }
  if (keyword === 'enum' || keyword === 'const') {
    const values = ((keyword === 'enum' ? params['allowedValues'] : [params['allowedValue']]) as unknown[]).map(String);
    const given = String(error.data);
    return {
      code: 'SPC006',
      message: `${capital(name)} cannot be ${shown(error.data)}.`,
      ...spelling(given, values, `it is one of ${values.join(', ')}`),
    };
  }
  if (keyword === 'pattern' && schema?.['x-zero'] && /^0+[smhdw]?$/.test(String(error.data)))
    return { code: schema['x-zero'], message: `${capital(name)} is zero: no value would ever be young enough.` };
  if (keyword === 'pattern') {
    const key = error.propertyName;
    const given = key === undefined ? shown(error.data) : `'${key}'`;
    return {
      code: schema?.['x-code'] ?? 'SPC008',
      message: `${given} is not ${schema?.['x-expected'] ?? 'in the form that is needed here'}.`,
      ...(key === undefined ? { fix: shortened(error) } : { child: key }),
    };
  }
  const limits = [error.message ?? 'is not valid', shown(error.data)];
  return { code: 'SPC008', message: `${capital(name)} ${limits[0]}, and is ${limits[1]}.`, help: 'change the value' };
}

const WORDS: Record<string, string> = {
  yes: 'true',
  on: 'true',
  true: 'true',
  no: 'false',
  off: 'false',
  false: 'false',
};

/** A number or truth value that was written as text: "3", yes. */
function plainly(given: unknown, wanted: readonly string[]): FindingDetails['fix'] {
  if (typeof given !== 'string') return null;
  const isNumber = /^-?\d+$/.test(given) ? wanted.includes('integer') || wanted.includes('number') : false;
  const isDecimal = /^-?\d+\.\d+$/.test(given) && wanted.includes('number');
  const to = isNumber || isDecimal ? given : wanted.includes('boolean') ? WORDS[given.toLowerCase()] : undefined;
  return to === undefined ? null : { title: `write ${to}`, safe: true, edits: [{ from: null, to }] };
}

/** `7 days` and `50 ms` in the form of the language, where its pattern takes it. */
function shortened({ data, schema }: ErrorObject): FindingDetails['fix'] {
  const [, count, unit] =
    /^(\d+)\s*(ms|millis(?:econds?)?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|hrs?|d|days?|w|weeks?)$/.exec(
      String(data),
    ) ?? [];
  if (count === undefined || unit === undefined) return null;
  const to = `${count}${/^mi?l?l?i?s/.test(unit) && unit !== 'mins' ? 'ms' : unit.charAt(0)}`;
  return new RegExp(schema as string, 'u').test(to)
    ? { title: `write '${to}'`, safe: true, edits: [{ from: String(data), to }] }
    : null;
}

/**
 * `x-missing` gives a required key a code of its own, or one where another key is there: `{batch: {stream: FEA012}}`.
 */
function codeOfMissing({ parentSchema, params, data }: ErrorObject): Code {
  const missing = (parentSchema as { 'x-missing'?: Record<string, Code | Record<string, Code>> } | undefined)?.[
    'x-missing'
  ];
  const stated = missing?.[params['missingProperty'] as string];
  if (typeof stated === 'string') return stated;
  return Object.entries(stated ?? {}).find(([key]) => Object.hasOwn(data as object, key))?.[1] ?? 'SPC005';
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  const text = String(value);
  return typeof value === 'string' ? `'${text.length > 60 ? `${text.slice(0, 57)}…` : text}'` : text;
}

/** Turns ajv's errors into findings that say what to do. */
import type { ErrorObject } from 'ajv';
import type { Finding, FindingDetails } from '../diagnostics/diagnostic.ts';
import { nearest, spelling } from '../diagnostics/nearest.ts';
import { type Path, placeOfKey, placeOfValue } from '../source/locate.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import { finding } from './codes.ts';
import { cutTexts } from './cut-texts.ts';
import type { Kind } from './kinds.ts';
import { plainly, shortened } from './repairs.ts';
import { capital, shown, typeInWords } from './words.ts';

export function translate(source: ParsedSpec, kind: Kind, errors: readonly ErrorObject[]): Finding[] {
  const cuts = cutTexts(source, kind);
  const cutBy = (error: ErrorObject) =>
    cuts.find(({ map, keys }) => keysOf(error).some(([at, key]) => at === map && keys.has(key)));
  const usual = errors.filter((each) => !cutBy(each));
  const found = new Set(errors.flatMap((each) => cutBy(each)?.finding ?? []));
  return [...found, ...translated(source, usual)];
}

/** The keys that an error may be about, each with the pointer of its map. */
function keysOf({ instancePath, params, propertyName }: ErrorObject): [map: string, key: string][] {
  const slash = instancePath.lastIndexOf('/');
  const own = pathOf(instancePath).at(-1);
  return [
    ...(own === undefined ? [] : [[instancePath.slice(0, slash), own] as [string, string]]),
    ...[params['additionalProperty'], params['propertyName'], propertyName].flatMap((key): [string, string][] =>
      typeof key === 'string' ? [[instancePath, key]] : [],
    ),
  ];
}

function translated(source: ParsedSpec, errors: readonly ErrorObject[]): Finding[] {
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
    return [describe(source, each)];
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
  const { code, message, help, fix, on, child } = (translations[error.keyword] ?? aLimit)(error, name);
  const place =
    child === undefined
      ? on === 'key'
        ? placeOfKey(source, path)
        : placeOfValue(source, path)
      : placeOfKey(source, [...path, child]);
  return finding(code, place, message, { help, fix });
}

type Translate = (error: ErrorObject, name: string) => Translation;

const translations: Record<string, Translate> = {
  additionalProperties: unknownKey,
  required: (error, name) => ({
    code: codeOfMissing(error),
    message: `${capital(name)} lacks the required key '${error.params['missingProperty']}'.`,
    on: 'key',
  }),
  type: otherType,
  enum: (error, name) => otherWord(error.params['allowedValues'] as unknown[], error, name),
  const: (error, name) => otherWord([error.params['allowedValue']], error, name),
  pattern: otherForm,
  dependentRequired: ({ params }, name) => ({
    code: 'SPC012',
    message: `${capital(name)} states '${params['property']}', which needs '${params['missingProperty']}'.`,
    help: `add '${params['missingProperty']}', or remove '${params['property']}'`,
    child: params['property'] as string,
  }),
};

const schemaOf = (error: ErrorObject) =>
  error.parentSchema as { 'x-code'?: Code; 'x-expected'?: string; 'x-newer'?: string; 'x-zero'?: Code } | undefined;

function unknownKey(error: ErrorObject, name: string): Translation {
  const key = error.params['additionalProperty'] as string;
  const known = knownKeys(error);
  return {
    code: 'SPC003',
    message: `Unknown key '${key}' in ${name}.`,
    ...spelling(key, known, `the keys here are ${known.join(', ')}`),
    child: key,
  };
}

function otherType(error: ErrorObject, name: string): Translation {
  const { params, data } = error;
  const { 'x-expected': expected, 'x-code': code } = schemaOf(error) ?? {};
  if (expected) return { code: code ?? 'SPC004', message: `${shown(data)} is not ${expected}.` };
  const types = [params['type'] as string | string[]].flat();
  return {
    code: 'SPC004',
    message: `${capital(name)} must be ${types.map(typeInWords).join(' or ')}, but is ${shown(data)}.`,
    fix: plainly(data, types),
  };
}

function otherWord(allowed: readonly unknown[], error: ErrorObject, name: string): Translation {
  const { data } = error;
  const said = { code: 'SPC006' as const, message: `${capital(name)} cannot be ${shown(data)}.` };
  const { 'x-newer': newer } = schemaOf(error) ?? {};
  // What another compiler wrote is no slip: the nearest value that is known here would mean something else.
  if (newer && allowed.every((each) => Number(data) > Number(each))) return { ...said, help: newer };
  const words = allowed.map(String);
  return { ...said, ...spelling(String(data), words, `it is one of ${words.join(', ')}`) };
}

function otherForm(error: ErrorObject, name: string): Translation {
  const { 'x-zero': zero, 'x-code': code, 'x-expected': expected } = schemaOf(error) ?? {};
  if (zero && /^0+[smhdw]?$/.test(String(error.data)))
    return { code: zero, message: `${capital(name)} is zero, so no value would ever be fresh enough.` };
  const key = error.propertyName;
  const given = key === undefined ? shown(error.data) : `'${key}'`;
  return {
    code: code ?? 'SPC008',
    message: `${given} is not ${expected ?? 'in the form that this field needs'}.`,
    ...(key === undefined ? { fix: shortened(error) } : { child: key }),
  };
}

const COMPARED: Record<string, string> = {
  '<=': 'at most',
  '>=': 'at least',
  '<': 'less than',
  '>': 'more than',
};

/** What lists, texts and maps are too small or too large in. */
const SIZES: Record<string, readonly [one: string, many: string]> = {
  Items: ['entry', 'entries'],
  Length: ['character', 'characters'],
  Properties: ['key', 'keys'],
};

function aSize(keyword: string, limit: number, data: unknown, name: string): Translation | null {
  const [, side, sized = ''] = /^(min|max)(\w+)$/.exec(keyword) ?? [];
  const words = SIZES[sized];
  if (words === undefined) return null;
  const has = typeof data === 'string' ? [...data].length : Object.keys(data as object).length;
  const wanted = `${side === 'min' ? 'at least' : 'at most'} ${limit} ${words[limit === 1 ? 0 : 1]}`;
  return { code: 'SPC008', message: `${capital(name)} must have ${wanted}, but has ${has === 0 ? 'none' : has}.` };
}

function aLimit(error: ErrorObject, name: string): Translation {
  const { message = 'is not valid', keyword, data, params } = error;
  const size = aSize(keyword, Number(params['limit']), data, name);
  if (size) return size;
  const { 'x-expected': expected } = schemaOf(error) ?? {};
  const words = COMPARED[params['comparison'] as string];
  const wanted = words === undefined ? message : `must be ${words} ${params['limit']}`;
  return {
    code: 'SPC008',
    message: `${capital(name)} ${wanted}, but is ${shown(data)}.`,
    help: expected ? `it is ${expected}` : 'change the value',
  };
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

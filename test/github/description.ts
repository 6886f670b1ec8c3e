/**
 * GitHub's own description of its API, the part of it that we use: `api.json` is taken from `@octokit/openapi` 23.0.2
 * (MIT), which is 385 MB and thus no dependency; operations, their schemas and nothing else, words left out.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';

export interface Schema {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  enum?: unknown[];
  format?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}

interface Content {
  $ref?: string;
  content?: { 'application/json'?: { schema: Schema } };
}

interface Parameter {
  $ref?: string;
  name: string;
  in: 'path' | 'query';
}

export interface Operation {
  operationId: string;
  parameters: Parameter[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// biome-ignore lint/suspicious/noExplicitAny: it is walked by paths that stand in it
const api: any = withNull(JSON.parse(readFileSync(join(import.meta.dirname, 'api.json'), 'utf8')));
const ajv = new Ajv({ strict: false, validateFormats: false, logger: false }).addSchema({ ...api, $id: 'api' });
const compiled = new Map<Schema, ValidateFunction>();

const resolved = <T extends { $ref?: string }>(each: T): T =>
  each.$ref === undefined
    ? each
    : resolved(
        each.$ref
          .slice(2)
          .split('/')
          .reduce((value, key) => value[key], api),
      );

/** What may be null may be so beside an enumeration, and without a type, too; ajv takes that by the word. */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull);
  if (!isObject(value)) return value;
  const all = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withNull(each)]));
  const { nullable, ...other } = all;
  if (nullable === true && value['type'] === undefined) return { anyOf: [{ type: 'null' }, other] };
  return value['nullable'] === true && Array.isArray(value['enum']) ? { ...all, enum: [...value['enum'], null] } : all;
}

const placed = (schema: Schema): Schema => JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"api#/'));

function problemsOf(schema: Schema, value: unknown): string[] {
  const validate = compiled.get(schema) ?? ajv.compile(placed(schema));
  compiled.set(schema, validate);
  return validate(value) ? [] : [ajv.errorsText(validate.errors)];
}

/** The operation of a request, and what its path has in the braces. */
export function operationAt(
  method: string,
  path: string,
): { operation: Operation; words: Record<string, string> } | null {
  for (const [template, methods] of Object.entries(api.paths as Record<string, Record<string, Operation>>)) {
    const pattern = new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const words = pattern.exec(path);
    const operation = methods[method.toLowerCase()];
    if (words && operation) return { operation, words: { ...words.groups } };
  }
  return null;
}

export function requestProblems(operation: Operation, query: URLSearchParams, body: unknown): string[] {
  const known = operation.parameters.map(resolved).filter((each) => each.in === 'query');
  const unknown = [...query.keys()].filter((name) => !known.some((each) => each.name === name));
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  return [
    ...unknown.map((name) => `${operation.operationId} knows no ${name}`),
    ...(schema ? problemsOf(schema, body) : body === undefined ? [] : [`${operation.operationId} takes no body`]),
  ];
}

/** A status that the operation does not list is an error's, with a sentence. */
export function responseProblems(operation: Operation, status: number, body: unknown): string[] {
  const listed = operation.responses[String(status)];
  if (!listed)
    return status >= 400 && status !== 404 ? [] : status === 404 ? [] : [`${operation.operationId} gives no ${status}`];
  const schema = resolved(listed).content?.['application/json']?.schema;
  return schema ? problemsOf(schema, body) : [];
}

/** What a successful answer must have, with these values in it and nothing in the rest. */
export function answerOf(operation: Operation, status: number, values: object): unknown {
  const schema = resolved(operation.responses[String(status)] ?? {}).content?.['application/json']?.schema ?? {};
  return merged(emptyOf(schema), values);
}

/** An item of a list. */
export function itemOf(operation: Operation, values: object): unknown {
  const schema = resolved(operation.responses['200'] ?? {}).content?.['application/json']?.schema as { items: Schema };
  return merged(emptyOf(schema.items), values);
}

/** An object by the name of its schema. */
export const objectOf = (name: string, values: object): unknown =>
  merged(emptyOf(api.components.schemas[name]), values);

function emptyOf(given: Schema): unknown {
  const schema = resolved(given);
  const [first] = schema.oneOf ?? schema.anyOf ?? schema.allOf ?? [];
  if (first) return emptyOf(first);
  if (schema.enum) return schema.enum[0];
  if (schema.nullable || schema.type === 'null') return null;
  if (schema.type === 'array') return [];
  if (schema.type === 'integer' || schema.type === 'number') return 1;
  if (schema.type === 'boolean') return false;
  if (schema.type === 'string') return 'https://github.example/x';
  const entries = (schema.required ?? []).map((name) => [name, emptyOf(schema.properties?.[name] ?? {})]);
  return Object.fromEntries(entries);
}

function merged(base: unknown, values: unknown): unknown {
  if (!isObject(base) || !isObject(values)) return values;
  const names = [...Object.keys(base), ...Object.keys(values)];
  return Object.fromEntries(
    names.map((name) => [name, name in values ? merged(base[name], values[name]) : base[name]]),
  );
}

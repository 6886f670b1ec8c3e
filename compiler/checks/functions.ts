import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { nearest, respelt } from '../diagnostics/nearest.ts';
import { type Declared, keyAt, resolveRun, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Signature } from '../link/python.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { reservation } from '../spec-schema/reserved-names.ts';
import type { Check } from './check.ts';

export const { codes, finding } = defineCodes({
  PIP011: {
    severity: 'error',
    title: 'The function does not exist, or its parameters do not match',
    why: 'The task would fail when it runs.',
    example: 'run: train.py:fti',
    fix: 'Correct the name, or the parameters.',
  },
});

/** The functions that specs name accept what they will be given. */
export const functions: Check = {
  codes,
  run: (graph) => [
    ...[...graph.pipelines.values()].flatMap((pipeline) =>
      Object.entries(pipeline.value.steps).flatMap(([name, step]) =>
        step.run === undefined
          ? []
          : checkCall(graph, {
              owner: pipeline,
              prefix: ['steps', name],
              run: step.run,
              given: step.reads ?? [],
              with: step.with ?? {},
              optional: ['context'],
              readsField: 'reads',
            }),
      ),
    ),
    ...[...graph.models.values()].flatMap((model) => {
      const { run, with: values } = model.value.train;
      return checkCall(graph, {
        owner: model,
        prefix: ['train'],
        run,
        given: [],
        with: values ?? {},
        optional: [],
        positional: ['X', 'y'],
      });
    }),
  ],
};

interface Call {
  owner: Declared<Kind>;
  prefix: string[];
  run: string;
  /** Tables, handed over by name. */
  given: string[];
  with: Readonly<Record<string, unknown>>;
  /** Names the platform fills in where the function asks for them. */
  optional: string[];
  /** Handed over by position. */
  positional?: string[];
  readsField?: string;
}

function checkCall(graph: Graph, call: Call): Finding[] {
  const { file, function: name } = resolveRun(call.owner.spec, call.run);
  const signature = graph.module(file)?.functions.get(name);
  return signature ? checkParameters(graph, call, name, file, signature) : [];
}

function checkParameters(graph: Graph, call: Call, name: string, file: string, signature: Signature): Finding[] {
  const { owner, prefix } = call;
  const stated = Object.keys(call.with);
  const { places, onlyByPlace, parameters } = signature;
  const taken = parameters.slice(Math.max(0, Math.min(call.positional?.length ?? 0, places) - onlyByPlace));
  const names = taken.map((each) => each.name);
  const findings = withoutPlaces(call, name, file, signature);
  const explained = new Set<string>();
  const unknown = (given: string, at: Place, what: string) => {
    if (signature.open || names.includes(given)) return;
    const unfilled = names.filter((each) => ![...stated, ...call.given, ...call.optional].includes(each));
    const near = nearest(given, unfilled) ?? nearest(given, names);
    if (near !== null) explained.add(near);
    findings.push(
      finding('PIP011', at, `Function ${name} of ${file} has no parameter '${given}', ${what}.`, {
        ...(near === null ? { help: `its parameters are ${names.join(', ') || '(none)'}` } : respelt(given, near)),
      }),
    );
  };
  for (const given of stated) unknown(given, keyAt(owner, ...prefix, 'with', given), 'but `with:` gives it one');
  for (const { name: parameter, type } of taken) {
    const value = call.with[parameter];
    if (value === undefined || fits(value, type)) continue;
    findings.push(
      finding(
        'PIP011',
        valueAt(owner, ...prefix, 'with', parameter),
        `Function ${name} of ${file} takes '${parameter}' as ${type}, but is given ${shown(value)}.`,
        {
          help: 'correct the value or the annotation of the parameter',
        },
      ),
    );
  }
  const isReported = (given: string): boolean =>
    graph.tables.get(given)?.writes.length === 0 || reservation(asTable(given), 'Pipeline', true) !== null;
  for (const [index, given] of call.given.entries()) {
    // A table that no step writes, or whose name none can have, is reported as such, and not as a parameter, too.
    if (isReported(given)) continue;
    unknown(
      given,
      valueAt(owner, ...prefix, call.readsField ?? 'reads', index),
      'but `reads:` passes it a data frame of that name',
    );
  }
  const misread = call.given.some(isReported);
  const unfilled = taken.filter(
    (each) =>
      !misread &&
      !each.hasDefault &&
      ![...stated, ...call.given, ...call.optional, ...(call.positional ?? [])].includes(each.name) &&
      !explained.has(each.name),
  );
  for (const each of unfilled)
    findings.push(
      finding(
        'PIP011',
        valueAt(owner, ...prefix, 'run'),
        `Function ${name} of ${file} needs '${each.name}', but nothing provides it.`,
        {
          help: 'set it under `with:`, or read a table of that name',
        },
      ),
    );
  return findings;
}

function withoutPlaces(call: Call, name: string, file: string, { places, spreads }: Signature): Finding[] {
  const { owner, prefix, positional = [] } = call;
  if (spreads || positional.length <= places) return [];
  const all = positional.join(', ');
  return [
    finding(
      'PIP011',
      valueAt(owner, ...prefix, 'run'),
      `Function ${name} of ${file} takes ${places === 0 ? 'no' : places} value${places === 1 ? '' : 's'} by ` +
        `position, and is given ${positional.length}: ${all}.`,
      { help: `define it as ${name}(${all}, …)` },
    ),
  ];
}

const asTable = (bare: string) => ({ kind: 'table', bare, path: [], isDefinition: true }) as const;

const shown = (value: unknown): string =>
  Array.isArray(value) ? 'a list' : typeof value === 'object' && value !== null ? 'a map' : JSON.stringify(value);

/** Whether a value fits a plain annotation; any annotation that is more than a type's name is taken to fit. */
function fits(value: unknown, annotation: string): boolean {
  const types = annotation.split('|').map((each) => each.trim().replace(/\[.*\]$/, ''));
  return types.some((type) => {
    if (value === null) return type === 'None' || !PYTHON.has(type);
    return PYTHON.get(type)?.(value) ?? true;
  });
}

const isNumber = (value: unknown): boolean => typeof value === 'number';

const PYTHON: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['int', (value) => Number.isInteger(value)],
  ['float', isNumber],
  ['str', (value) => typeof value === 'string'],
  ['bool', (value) => typeof value === 'boolean'],
  ['list', Array.isArray],
  ['tuple', Array.isArray],
  ['dict', (value) => typeof value === 'object' && !Array.isArray(value)],
  ['None', () => false],
]);

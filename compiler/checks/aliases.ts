import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, keyAt, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  MOD003: {
    severity: 'error',
    title: 'A whole number that may be null',
    why: 'MLflow drops the signature of such a model without a word, and checks no request from then on.',
    example: 'request: {age: {type: int64, nullable: true}}',
    fix: 'Use `float64`, or do not allow null.',
  },
  MOD004: {
    severity: 'error',
    title: 'An alias that is missing, reserved or shared',
    why: 'An environment would serve nothing, or what another one promotes.',
    example: 'aliases: {staging: live, prod: live}',
    fix: 'Give each environment an alias of its own.',
  },
});

/** What models state of aliases and null values holds in MLflow. */
export const aliases: Check = {
  codes,
  run: (graph) => [...graph.models.values()].flatMap((model) => [...named(graph, model), ...nullable(model)]),
};

/** MLflow keeps these for itself; `challenger` is what registration calls a version on its way. */
const RESERVED = /^(latest|challenger|v\d+|\d+)$/;

function named(graph: Graph, model: Declared<'Model'>): Finding[] {
  const stated = model.value.serving?.aliases;
  if (!stated) return [];
  const environments = Object.keys(graph.platform.value.environments);
  const missing = environments.filter((name) => !Object.hasOwn(stated, name));
  const unknown = Object.keys(stated).filter((name) => !environments.includes(name));
  const seen = new Map<string, string>();
  const findings: Finding[] = [];
  if (missing.length > 0 && unknown.length === 0)
    findings.push(
      finding(
        'MOD004',
        keyAt(model, 'serving', 'aliases'),
        `Model ${model.name} states aliases, and none for environment ${missing.join(' and ')}: nothing would ` +
          'be served there.',
        { help: `add \`${missing[0]}: …\`, or remove \`aliases\` (then it is \`champion\` everywhere)` },
      ),
    );
  for (const [environment, alias] of Object.entries(stated)) {
    const at = valueAt(model, 'serving', 'aliases', environment);
    const other = seen.get(alias);
    if (RESERVED.test(alias))
      findings.push(
        finding('MOD004', at, `The alias '${alias}' is reserved: ${reason(alias)}.`, {
          help: 'choose another, such as `champion` or `live`',
        }),
      );
    else if (other)
      findings.push(
        finding(
          'MOD004',
          at,
          `Environments ${other} and ${environment} share the alias '${alias}' of model ${model.name}: what is ` +
            'promoted in one would be served in the other.',
          {
            help: 'give each its own',
            related: [{ message: 'the other has it here', at: valueAt(model, 'serving', 'aliases', other) }],
          },
        ),
      );
    seen.set(alias, environment);
  }
  return findings;
}

const reason = (alias: string): string =>
  alias === 'challenger'
    ? 'registration gives it to the version that it is about to promote'
    : 'the registry reads it as a version';

function nullable(model: Declared<'Model'>): Finding[] {
  return Object.entries(model.value.request ?? {}).flatMap(([name, { type, nullable: mayBeNull }]) =>
    mayBeNull === true && /^(int|bool)/.test(type)
      ? [
          finding(
            'MOD003',
            valueAt(model, 'request', name, 'nullable'),
            `'${name}' is ${type} and may be null: MLflow drops a signature with such a column, and checks ` +
              'nothing from then on.',
            {
              help: 'use `float64`, which has a missing value, or do not allow null',
              related: [{ message: 'the type is stated here', at: valueAt(model, 'request', name, 'type') }],
            },
          ),
        ]
      : [],
  );
}

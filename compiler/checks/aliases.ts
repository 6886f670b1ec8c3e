import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, keyAt, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  MOD003: {
    severity: 'error',
    title: 'A nullable integer',
    why: 'MLflow silently drops the signature of such a model and no longer checks requests.',
    example: 'request: {age: {type: int64, nullable: true}}',
    fix: 'Use `float64`, or do not allow null.',
  },
  MOD004: {
    severity: 'error',
    title: 'An alias that is missing, reserved or shared',
    why: 'An environment would serve nothing, or a version that another environment promotes.',
    example: 'aliases: {staging: live, prod: live}',
    fix: 'Give each environment an alias of its own.',
  },
});

/** Aliases and nullable inputs work in MLflow as models state them. */
export const aliases: Check = {
  codes,
  run: (graph) => [...graph.models.values()].flatMap((model) => [...named(graph, model), ...nullable(model)]),
};

/** MLflow reserves these; `challenger` is what registration calls a version before it is promoted. */
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
        `Model ${model.name} has no alias for environment ${missing.join(' and ')}: nothing would be served there.`,
        { help: `add \`${missing[0]}: …\`, or remove \`aliases\` (the alias is then \`champion\` everywhere)` },
      ),
    );
  for (const [environment, alias] of Object.entries(stated)) {
    const at = valueAt(model, 'serving', 'aliases', environment);
    const other = seen.get(alias);
    if (RESERVED.test(alias))
      findings.push(
        finding('MOD004', at, `The alias '${alias}' is reserved: ${reason(alias)}.`, {
          help: 'choose another one, such as `champion` or `live`',
        }),
      );
    else if (other)
      findings.push(
        finding(
          'MOD004',
          at,
          `Environments ${other} and ${environment} share the alias '${alias}' of model ${model.name}: ` +
            'a version promoted in one would be served in the other.',
          {
            help: 'give each environment its own alias',
            related: [{ message: 'the other one uses it here', at: valueAt(model, 'serving', 'aliases', other) }],
          },
        ),
      );
    seen.set(alias, environment);
  }
  return findings;
}

const reason = (alias: string): string =>
  alias === 'challenger'
    ? 'registration gives it to the version that is about to be promoted'
    : 'the registry reads it as a version';

function nullable(model: Declared<'Model'>): Finding[] {
  return Object.entries(model.value.request ?? {}).flatMap(([name, { type, nullable: mayBeNull }]) =>
    mayBeNull === true && /^(int|bool)/.test(type)
      ? [
          finding(
            'MOD003',
            valueAt(model, 'request', name, 'nullable'),
            `'${name}' is a nullable ${type}: MLflow drops a signature with such a column, ` +
              'and no longer checks requests.',
            {
              help: 'use `float64`, which can represent a missing value, or remove `nullable`',
              related: [{ message: 'the type is set here', at: valueAt(model, 'request', name, 'type') }],
            },
          ),
        ]
      : [],
  );
}

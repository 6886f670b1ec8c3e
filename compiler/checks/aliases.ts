import { type Finding, finding } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { type Declared, featuresOf, keyAt, referencesOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Check } from './check.ts';

/**
 * MOD003, MOD004, LOG003 and PLT010 of models: what is stated of aliases, null values and personal data holds in the
 * tools.
 */
export const aliases: Check = {
  run: (graph) =>
    [...graph.models.values()].flatMap((model) => [
      ...named(graph, model),
      ...nullable(model),
      ...personal(graph, model),
    ]),
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
  const findings = unknown.map((name) =>
    finding('PLT010', keyAt(model, 'serving', 'aliases', name), `There is no environment '${name}' in platform.yaml.`, {
      ...spelling(name, environments, `the environments are ${environments.join(', ')}`),
    }),
  );
  if (missing.length > 0 && unknown.length === 0)
    findings.push(
      finding(
        'MOD004',
        keyAt(model, 'serving', 'aliases'),
        `Model ${model.name} states aliases, and none for environment ${missing.join(' and ')}: nothing would be served there.`,
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
          `Environments ${other} and ${environment} share the alias '${alias}' of model ${model.name}: what is promoted in one would be served in the other.`,
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
            `'${name}' is ${type} and may be null: MLflow drops a signature with such a column, and checks nothing from then on.`,
            {
              help: 'use `float64`, which has a missing value, or do not allow null',
              related: [{ message: 'the type is stated here', at: valueAt(model, 'request', name, 'type') }],
            },
          ),
        ]
      : [],
  );
}

/** The log of predictions holds what the model was given. */
function personal(graph: Graph, model: Declared<'Model'>): Finding[] {
  const { serving, request } = model.value;
  if (!serving?.online && !serving?.batch) return [];
  const asked = Object.entries(request ?? {}).flatMap(([name, field]) =>
    field.personal === true && field.mask === undefined
      ? [unmasked(keyAt(model, 'request', name, 'personal'), `'${name}'`, model)]
      : [],
  );
  const joined = referencesOf(model).flatMap(({ view: name, feature }) => {
    const view = graph.views.get(name);
    if (!view || view.value.stream) return [];
    return featuresOf(graph, name, feature).flatMap((each) => {
      const stated = view.value.features[each];
      return stated?.personal === true && stated.mask === undefined
        ? [unmasked(keyAt(view, 'features', each, 'personal'), `${name}.${each}`, model)]
        : [];
    });
  });
  return [...asked, ...joined];
}

const unmasked = (at: Finding['at'], what: string, model: Declared<'Model'>): Finding =>
  finding('LOG003', at, `${what} is personal, and stands as it is in the log of ${model.name}'s predictions.`, {
    help: 'add `mask: hash` (text) or `mask: drop`',
  });

/** Amounts, schedules and the languages of expressions, from what reads them. */
import { things } from '../../compiler/link/policy.ts';
import { aggregations, functions } from '../../compiler/link/promql/functions.ts';
import common from '../../compiler/spec-schema/common.schema.json' with { type: 'json' };
import { type Schema, schemas } from '../../compiler/spec-schema/schemas.ts';
import { GENERATED } from './kind-page.ts';
import { AMOUNTS } from './types.ts';

const code = (text: string): string => `\`${text}\``;

export function expressionsPage(): string {
  const definitions = Object.values(common.$defs) as Schema[];
  const amounts = AMOUNTS.map((quantity) => {
    const found = definitions.find((each) => each['x-quantity'] === quantity);
    const examples = (found?.examples ?? []).map((each) => code(String(each))).join(', ');
    return `### ${quantity}\n\n${found?.description} Examples: ${examples}.`;
  });
  const schedule = Object.entries(common.$defs.schedule.properties as Record<string, Schema>).map(
    ([key, { description, examples = [] }]) =>
      `| ${code(key)} | ${description} | ${examples.map((each) => code(String(each))).join(', ')} |`,
  );
  return [
    '# Expressions and amounts',
    GENERATED,
    '## Amounts',
    ...amounts,
    '## Schedules',
    ['| key | | example |', '| --- | --- | --- |', ...schedule].join('\n'),
    '## CEL, in policies',
    `A rule is held against each ${Object.keys(things).map(code).join(', ')}, as \`for\` says. ${policy('require')}`,
    ['```', ...examplesOf('require'), '```'].join('\n'),
    'More in [rules of your own](../findings.md#rules-of-your-own).',
    '## PromQL, in alerts and panels',
    `An expression may use what every Prometheus of the environments knows: the functions ${list(functions.keys())}; ` +
      `the aggregations ${list(aggregations.keys())}. A metric that nothing emits is an error (OBS001), and so is a ` +
      'label that it has not.',
  ]
    .join('\n\n')
    .concat('\n');
}

const list = (names: Iterable<string>): string => [...names].sort().map(code).join(', ');

function policyRule(key: string): Schema {
  const rules = schemas.Policy.properties?.['rules']?.additionalProperties;
  return (typeof rules === 'object' && rules.properties?.[key]) || {};
}

const policy = (key: string): string => policyRule(key).description ?? '';
const examplesOf = (key: string): string[] => (policyRule(key).examples ?? []).map(String);

import type { ParseResult } from '@marcbachmann/cel-js';
import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { Budget, DeadlineExceeded } from '../link/deadline.ts';
import { type Declared, keyAt, valueAt } from '../link/declared.ts';
import { type Graph, ownerOf } from '../link/graph.ts';
import { compileExpression, placeOf, surroundings, type Thing, things } from '../link/policy.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { PolicySpec } from '../spec-schema/generated/types.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes(
  {
    POL001: {
      severity: 'error',
      judgement: true,
      title: 'A rule of the organisation is broken',
      why: 'The rule is meant to hold everywhere.',
      example: 'description: (missing, where a policy requires it)',
      fix: 'Do what the rule asks for; the note shows where it is.',
    },
    POL002: {
      severity: 'error',
      title: 'A rule cannot be evaluated',
      why: 'A rule that fails protects nothing.',
      example: 'require: self.descripton != ""',
      fix: 'Correct the expression; use `has(…)` for what may be missing.',
    },
  },
  { SPC009: specCodes.SPC009 },
);

/** The rules of the organisation hold, and can be evaluated. */
export const policies: Check = {
  codes,
  run(graph) {
    if (graph.policies.size === 0) return [];
    const around = surroundings(graph);
    const budget = new Budget(EVALUATION);
    const seen = new Map<string, Declared<'Policy'>>();
    return [...graph.policies.values()].flatMap((policy) =>
      Object.entries(policy.value.rules).flatMap(([name, rule]) => {
        const other = seen.get(name);
        seen.set(name, policy);
        return other ? [twice(policy, other, name)] : inTime(graph, { policy, name, rule }, around, budget);
      }),
    );
  },
};

/** Milliseconds. A rule over ten thousand specs takes less than one second; one in a pull request may never end. */
const EVALUATION = { all: 15_000, each: 5_000 };

interface Rule {
  policy: Declared<'Policy'>;
  name: string;
  rule: PolicySpec['rules'][string];
}

const twice = (policy: Declared<'Policy'>, other: Declared<'Policy'>, name: string): Finding =>
  finding('SPC009', keyAt(policy, 'rules', name), `There are two rules called '${name}'.`, {
    help: 'rename one of them: comments suppress a rule by its name',
    related: [{ message: 'the first one is declared here', at: keyAt(other, 'rules', name) }],
  });

function inTime(graph: Graph, stated: Rule, around: Record<string, unknown>, budget: Budget): Finding[] {
  try {
    return budget.spend(() => held(graph, stated, around));
  } catch (problem) {
    if (!(problem instanceof DeadlineExceeded)) throw problem;
    const at = valueAt(stated.policy, 'rules', stated.name, 'require');
    return [
      finding('POL002', at, `Rule ${stated.name} takes too long and was stopped.`, {
        help:
          `each rule may take ${EVALUATION.each / 1000} s, all together ${EVALUATION.all / 1000} s; ` +
          'use fewer nested loops',
      }),
    ];
  }
}

type Compiled = (values: Record<string, unknown>) => unknown;

function held(graph: Graph, stated: Rule, around: Record<string, unknown>): Finding[] {
  const when = stated.rule.when === undefined ? () => true : compiled(stated, 'when', stated.rule.when);
  const require = compiled(stated, 'require', stated.rule.require);
  const broken = [when, require].flatMap((each) => (typeof each === 'function' ? [] : [each]));
  if (typeof when !== 'function' || typeof require !== 'function') return broken;
  const findings: Finding[] = [];
  for (const thing of things[stated.rule.for]?.(graph) ?? []) {
    const values = {
      ...around,
      self: thing.self,
      name: thing.name,
      spec: thing.declared.value,
      owner: ownerOf(thing.declared, graph),
    };
    const asked = evaluated(stated, 'when', when, values, thing);
    const kept = asked === true ? evaluated(stated, 'require', require, values, thing) : true;
    for (const result of [asked, kept]) if (typeof result !== 'boolean') return [result];
    if (!kept) findings.push(violation(stated, thing));
  }
  return findings;
}

function compiled(stated: Rule, field: 'when' | 'require', text: string): Compiled | Finding {
  let expression: ParseResult;
  try {
    expression = compileExpression(text);
    const { valid, type, error } = expression.check();
    if (!valid) return unusable(stated, field, error);
    if (type !== 'bool' && type !== 'dyn')
      return unusable(stated, field, { summary: `it gives ${type} instead of true or false` });
  } catch (problem) {
    return unusable(stated, field, problem);
  }
  return (values) => expression(values);
}

/** True, false, or a finding where the expression gives neither. */
function evaluated(
  stated: Rule,
  field: 'when' | 'require',
  run: Compiled,
  values: Record<string, unknown>,
  thing: Thing,
): boolean | Finding {
  try {
    const result = run(values);
    return typeof result === 'boolean'
      ? result
      : unusable(stated, field, { summary: `it gives ${typeof result} instead of true or false` }, thing);
  } catch (problem) {
    return unusable(stated, field, problem, thing);
  }
}

const sentence = (problem: unknown): string => {
  const { summary, message } = problem as { summary?: string; message?: string };
  const [first = 'it cannot be read'] = (summary ?? message ?? '').split('\n');
  return first.replace(/\.$/, '');
};

function unusable({ policy, name }: Rule, field: 'when' | 'require', problem: unknown, thing?: Thing): Finding {
  const missing = /^No such key: (\w+)/.exec(sentence(problem))?.[1];
  return finding(
    'POL002',
    valueAt(policy, 'rules', name, field),
    `Rule ${name} cannot be evaluated${thing ? ` for ${thing.name}` : ''}: ${sentence(problem)}.`,
    { help: missing === undefined ? 'correct the expression' : `check first: \`has(self.${missing}) && …\`` },
  );
}

function violation({ policy, name, rule }: Rule, thing: Thing): Finding {
  return finding(
    'POL001',
    placeOf(thing, rule.at),
    `${thing.name} breaks rule ${name}: ${rule.message.replace(/\.$/, '')}.`,
    {
      rule: name,
      severity: rule.severity ?? defaults.Policy.rules.severity,
      help: rule.help ?? null,
      related: [{ message: 'the rule is here', at: keyAt(policy, 'rules', name) }],
    },
  );
}

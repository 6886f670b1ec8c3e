import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Step } from '../ir/types.ts';
import { type Declared, keyAt, valueAt } from '../link/declared.ts';
import { stepsOf } from '../resolve/resolve.ts';
import type { StepSpec } from '../resolve/steps.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes(
  {
    MOD002: {
      severity: 'error',
      title: 'Training and features belong to different models',
      why: 'The model would be trained on features other than those it is served with.',
      example: 'uses: train, model: a, after uses: pull_features, model: b',
      fix: 'Name the same model in both steps.',
    },
    PIP010: {
      severity: 'error',
      judgement: true,
      title: 'A model is registered without a gate before it',
      why: 'A model that failed its evaluation could go live.',
      example: 'register without needs: gate',
      fix: 'Make `register` need a `gate` step for the same model.',
    },
  },
  { SPC012: specCodes.SPC012 },
);

/** The settings of a step fit together, and no model skips its gate. */
export const steps: Check = {
  codes,
  run: (graph) =>
    [...graph.pipelines.values()].flatMap((pipeline) => [
      ...Object.entries(pipeline.value.steps).flatMap(([name, step]) => oneThing(pipeline, name, step)),
      ...ungated(pipeline, stepsOf(graph, pipeline)),
      ...mixed(pipeline, stepsOf(graph, pipeline)),
    ]),
};

function oneThing(pipeline: Declared<'Pipeline'>, name: string, step: StepSpec): Finding[] {
  const at = (...path: string[]) => keyAt(pipeline, 'steps', name, ...path);
  const both = (field: string, message: string, help: string) => [finding('SPC012', at(field), message, { help })];
  if (step.run !== undefined && step.uses !== undefined)
    return both('uses', `Step ${name} has both \`run\` and \`uses\`.`, 'keep one of them');
  if (step.run === undefined && step.uses === undefined)
    return [
      finding('SPC012', at(), `Step ${name} needs \`run\` or \`uses\`.`, {
        help: 'name your own function with `run: file.py:function`, or a platform step with `uses`',
      }),
    ];
  if (step.mode === 'overwrite_partition' && step.partition === undefined)
    return both(
      'mode',
      '`mode: overwrite_partition` needs `partition`, the column by whose values rows are replaced.',
      'add `partition: COLUMN`',
    );
  if (step.partition !== undefined && step.mode !== 'overwrite_partition')
    return both(
      'partition',
      '`partition` has no effect without `mode: overwrite_partition`.',
      'remove it, or set the mode',
    );
  if (step.run !== undefined) {
    const stray = (['model', 'views'] as const).find((field) => step[field] !== undefined);
    return stray
      ? both(
          stray,
          `\`${stray}\` is for platform steps, but step ${name} runs a function.`,
          'pass it to the function under `with:`',
        )
      : [];
  }
  return platformStep(name, step, at, both);
}

function platformStep(
  name: string,
  step: StepSpec,
  at: (...path: string[]) => Finding['at'],
  both: (field: string, message: string, help: string) => Finding[],
): Finding[] {
  const wanted = step.uses === 'materialize' ? 'views' : 'model';
  const other = wanted === 'views' ? 'model' : 'views';
  if (step[wanted] === undefined)
    return [
      finding('SPC012', at('uses'), `Step ${name} uses ${step.uses}, which needs \`${wanted}\`.`, {
        help: `add \`${wanted}:\``,
      }),
    ];
  const stray = ([other, 'with', 'reads', 'writes', 'mode', 'connections'] as const).find(
    (field) => step[field] !== undefined,
  );
  return stray ? both(stray, `\`${stray}\` has no effect on ${step.uses}.`, 'remove it') : [];
}

function ungated(pipeline: Declared<'Pipeline'>, resolved: ReadonlyMap<string, Step>): Finding[] {
  return Object.entries(pipeline.value.steps).flatMap(([name, step]) => {
    if (step.uses !== 'register' || step.model === undefined) return [];
    const before = ancestors(name, resolved);
    const gated = [...before].some(
      (each) => pipeline.value.steps[each]?.uses === 'gate' && pipeline.value.steps[each]?.model === step.model,
    );
    return gated
      ? []
      : [
          finding(
            'PIP010',
            keyAt(pipeline, 'steps', name),
            `Step ${name} registers model ${step.model} without a gate before it.`,
            {
              help: `add a step {uses: gate, model: ${step.model}} and make ${name} need it`,
            },
          ),
        ];
  });
}

/** A model is trained and evaluated on features that were pulled for it. */
function mixed(pipeline: Declared<'Pipeline'>, resolved: ReadonlyMap<string, Step>): Finding[] {
  const { steps } = pipeline.value;
  const reported = new Set<string>();
  return Object.entries(steps).flatMap(([name, step]) => {
    if ((step.uses !== 'train' && step.uses !== 'evaluate') || step.model === undefined) return [];
    const pulled = [...ancestors(name, resolved)].filter((each) => steps[each]?.uses === 'pull_features');
    const [other] = pulled;
    if (other === undefined || pulled.some((each) => steps[each]?.model === step.model) || reported.has(other))
      return [];
    reported.add(other);
    return [
      finding(
        'MOD002',
        valueAt(pipeline, 'steps', name, 'model'),
        `Step ${name} is for model ${step.model}, but the features before it were pulled for ${steps[other]?.model}.`,
        {
          help: 'name the same model in both steps',
          related: [{ message: 'the features are pulled here', at: valueAt(pipeline, 'steps', other, 'model') }],
        },
      ),
    ];
  });
}

function ancestors(step: string, steps: ReadonlyMap<string, Step>): Set<string> {
  const seen = new Set<string>();
  const queue = [...(steps.get(step)?.needs ?? [])];
  for (let each = queue.pop(); each !== undefined; each = queue.pop()) {
    if (seen.has(each)) continue;
    seen.add(each);
    queue.push(...(steps.get(each)?.needs ?? []));
  }
  return seen;
}

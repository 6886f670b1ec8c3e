/** Pull requests that edit pipelines, the tables that they write, and the code that they run. */
import { keysOf, type Spec, type Value, type World } from '../faults/making.ts';
import { reach, tablesOf } from './flow.ts';
import * as is from './pull.ts';

/** Each step that runs a team's function, with what it is called. */
const stepsOf = (pipeline: Spec): { name: string; step: Value; object: string }[] =>
  Object.entries(pipeline.value['steps'] as Value).map(([name, step]) => ({
    name,
    step,
    object: `pipeline/${pipeline.name}/step/${name}`,
  }));

export function pipelines(world: World): is.Pull[] {
  return world.pipelines.flatMap((pipeline) => {
    const object = `pipeline/${pipeline.name}`;
    const schedule: Value | undefined = pipeline.value['schedule'];
    const cron = schedule?.['cron'];
    return [
      is.pull(
        world,
        'pipeline described otherwise',
        pipeline.name,
        is.stating(pipeline, ['description'], 'Another text.\n'),
        is.says(object, 'metadata'),
      ),
      ...(cron
        ? [
            is.pull(
              world,
              'schedule moved',
              pipeline.name,
              is.setting(pipeline, ['schedule', 'cron'], `"7 ${String(cron).split(' ').slice(1).join(' ')}"`),
              is.says(object, is.OPERATION),
            ),
            is.pull(
              world,
              'schedule made faster',
              pipeline.name,
              is.setting(pipeline, ['schedule', 'cron'], '"*/15 * * * *"'),
              is.says(object, is.OPERATION),
            ),
            is.pull(
              world,
              'schedule made slower',
              pipeline.name,
              is.setting(pipeline, ['schedule', 'cron'], '"5 */2 * * *"'),
              is.says(object, is.ANY),
            ),
          ]
        : []),
      ...stepsOf(pipeline).flatMap((each) => [...operation(world, pipeline, each), ...values(world, pipeline, each)]),
    ];
  });
}

type Step = ReturnType<typeof stepsOf>[number];

function operation(world: World, pipeline: Spec, { name, step, object }: Step): is.Pull[] {
  const state = (kind: string, key: string, text: string, classes: readonly is.Class[]): is.Pull =>
    is.pull(
      world,
      kind,
      `${pipeline.name}.${name}`,
      is.stating(pipeline, ['steps', name, key], text),
      is.says(object, classes),
    );
  const retries = step['retries'] ?? world.platform.value['defaults'].retries;
  return [
    state('step described otherwise', 'description', 'Another text.', ['metadata']),
    state('other attempts', 'retries', retries === 1 ? '2' : '1', is.OPERATION),
    state('longer pauses', 'retry_delay', '77s', is.OPERATION),
    state('less time for a step', 'timeout', '9m', is.OPERATION),
  ];
}

function values(world: World, pipeline: Spec, { name, step, object }: Step): is.Pull[] {
  const tables = tablesOf(step['writes']);
  const radius = tables.length > 0 ? reach(world, { tables }) : null;
  const what = `${pipeline.name}.${name}`;
  const path = ['steps', name];
  const numbers = Object.entries((step['with'] ?? {}) as Value).filter(([, value]) => typeof value === 'number');
  const written: Value = Array.isArray(step['writes']) || !step['writes'] ? {} : step['writes'];
  return [
    ...numbers.map(([key, value]) =>
      is.pull(
        world,
        'parameter of a step changed',
        `${what} ${key}`,
        is.setting(pipeline, [...path, 'with', key], `${value + 1}`),
        is.says(object, tables.length > 0 ? is.VALUES : is.ANY),
        radius,
      ),
    ),
    ...code(world, pipeline, { name, step, object }),
    ...keysOf(written).map((table) =>
      is.pull(
        world,
        'column added',
        `${table}.late_column`,
        is.adding(pipeline, [...path, 'writes', table], 'late_column: string'),
        is.says(`table/${table}/column/late_column`, ['compatible', 'backfill']),
      ),
    ),
  ];
}

/** The function that a step runs does something else; one beside it, that nothing calls, is added. */
function code(world: World, pipeline: Spec, { name, step, object }: Step): is.Pull[] {
  const [file = '', called = ''] = String(step['run'] ?? '').split(':');
  const path = `${pipeline.file.split('/').slice(0, -1).join('/')}/${file}`;
  const text = world.files.get(path);
  const tables = tablesOf(step['writes']);
  if (text === undefined) return [];
  return [
    is.pull(
      world,
      'code of a step changed',
      `${pipeline.name}.${name}`,
      is.putting(path, doingMore(text, called)),
      is.says(object, tables.length > 0 ? is.VALUES : is.ANY),
      tables.length > 0 ? reach(world, { tables }) : null,
    ),
    is.pull(
      world,
      'code that nothing reaches',
      path,
      is.putting(path, `${text}\n\ndef nobody_calls_it(value):\n    return value + 1\n`),
      [],
    ),
  ];
}

/** One more statement at the beginning of a function's body, after its docstring. */
export function doingMore(text: string, called: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`def ${called}(`));
  let at = start;
  while (!/:\s*(#.*)?$/.test(lines[at] ?? ':')) at += 1;
  const documented = /^\s+("""|')/.test(lines[at + 1] ?? '');
  let body = at + 1;
  if (documented) {
    while (!/"""\s*$/.test((lines[body] ?? '"""').replace(/^\s+"""/, body === at + 1 ? '' : '$&'))) body += 1;
    body += 1;
  }
  return [...lines.slice(0, body), '    unused_here = 1', ...lines.slice(body)].join('\n');
}

export function connections(world: World): is.Pull[] {
  return keysOf(world.platform.value['connections']).map((name) =>
    is.pull(
      world,
      'connection led elsewhere',
      name,
      is.setting(world.platform, ['connections', name, 'url'], '"postgresql://elsewhere/db"'),
      is.says(`connection/${name}`, is.ANY),
    ),
  );
}

/**
 * Seeded faults: one value of a sane repository changed, removed or added, and what a reader of the
 * specs would say of it (code and place). Imports nothing of the compiler.
 */
import {
  added,
  changed,
  type Fault,
  keyOf,
  keysOf,
  misspelt,
  misspeltKey,
  removed,
  rootOf,
  type Spec,
  type Value,
  valueAt,
  type World,
  worldOf,
} from './making.ts';
import { type Files, has, type Position, placeOf, setKey, setValue } from './repository.ts';
import { code, monitorings, platform, promises, services, streams } from './running.ts';

export type { Fault } from './making.ts';

/** Every fault that the repository has room for. */
export function faultsOf(repository: Files, seed: number): Fault[] {
  const world = worldOf(repository, seed);
  return [
    ...misspeltReferences(world),
    ...features(world),
    ...pipelines(world),
    ...models(world),
    ...streams(world),
    ...platform(world),
    ...promises(world),
    ...code(world),
    ...services(world),
    ...monitorings(world),
  ];
}

function misspeltReferences(world: World): Fault[] {
  const { views, models, pipelines, entities } = world;
  const known = new Set(views.map(({ name }) => name));
  return [
    ...views.flatMap((view) =>
      Array.isArray(view.value['entity'])
        ? view.value['entity'].flatMap((name: string, index: number) =>
            misspelt(world, 'FEA001', 'entity', view, ['entity', index], name),
          )
        : misspelt(world, 'FEA001', 'entity', view, ['entity'], String(view.value['entity'])),
    ),
    ...models.flatMap((model) => [
      ...(model.value['features'] as string[]).flatMap((text, index) => {
        const [view = '', feature = ''] = text.split('.');
        const inView = known.has(view) ? misspelt(world, 'FEA001', 'view', model, ['features', index], view) : [];
        const inFeature =
          feature === '*' ? [] : misspelt(world, 'FEA001', 'feature', model, ['features', index], feature, `${view}.`);
        return [...inView, ...inFeature];
      }),
      ...misspelt(world, 'MOD001', 'label table', model, ['label', 'table'], model.value['label'].table),
      ...misspelt(world, 'MOD001', 'label column', model, ['label', 'column'], model.value['label'].column),
      ...misspelt(world, 'MOD001', 'label timestamp', model, ['label', 'timestamp'], model.value['label'].timestamp),
      ...misspelt(
        world,
        'PIP011',
        'function',
        model,
        ['train', 'run'],
        String(model.value['train'].run).split(':')[1] ?? '',
        'train.py:',
      ),
      ...misspelt(world, 'PIP011', 'file', model, ['train', 'run'], 'train'),
      ...keysOf(model.value['train'].with).flatMap((key) =>
        misspeltKey(world, 'PIP011', 'parameter', model, ['train', 'with', key]),
      ),
      ...(model.value['label'].known_after ?? []).flatMap((name: string, index: number) =>
        misspelt(world, 'MOD001', 'known after', model, ['label', 'known_after', index], name),
      ),
      ...(model.value['monitoring']?.drift?.ignore ?? []).flatMap((text: string, index: number) =>
        misspelt(
          world,
          'FEA001',
          'left out of drift',
          model,
          ['monitoring', 'drift', 'ignore', index],
          text.split('.')[0] ?? '',
        ),
      ),
      ...keysOf(model.value['request']).flatMap((key) =>
        misspeltKey(world, 'MOD001', 'request field', model, ['request', key]),
      ),
      ...(has(model.text, ['serving', 'batch'])
        ? misspelt(
            world,
            'MOD001',
            'rows to score',
            model,
            ['serving', 'batch', 'entities'],
            model.value['serving'].batch.entities,
          )
        : []),
    ]),
    ...pipelines.flatMap((pipeline) =>
      Object.entries(pipeline.value['steps'] as Value).flatMap(([name, step]) => {
        const path = ['steps', name];
        const run = String(step.run ?? '');
        const [file = '', called = ''] = run.split(':');
        return [
          ...(step.reads ?? []).flatMap((table: string, index: number) =>
            misspelt(world, 'PIP001', 'table read', pipeline, [...path, 'reads', index], table),
          ),
          ...(Array.isArray(step.writes) && step.writes.length === 1
            ? misspelt(world, 'FEA016 PIP001 MOD001', 'table written', pipeline, [...path, 'writes', 0], step.writes[0])
            : []),
          ...(step.connections ?? []).flatMap((each: string, index: number) =>
            misspelt(world, 'PLT002', 'connection', pipeline, [...path, 'connections', index], each),
          ),
          ...(typeof step.needs === 'string'
            ? misspelt(world, 'PIP014', 'step', pipeline, [...path, 'needs'], step.needs)
            : []),
          ...(run === '' ? [] : misspelt(world, 'PIP011', 'function', pipeline, [...path, 'run'], called, `${file}:`)),
          ...(run === ''
            ? []
            : misspelt(world, 'PIP011', 'file', pipeline, [...path, 'run'], file.replace(/\.py$/, ''))),
          ...keysOf(step.with).flatMap((key) =>
            misspeltKey(world, 'PIP011', 'parameter', pipeline, [...path, 'with', key]),
          ),
          ...(step.views ?? []).flatMap((view: string, index: number) =>
            misspelt(world, 'FEA001', 'view', pipeline, [...path, 'views', index], view),
          ),
        ];
      }),
    ),
    ...[...views, ...models, ...pipelines, ...entities].flatMap((spec) =>
      spec.value['owner'] === undefined ? [] : misspelt(world, 'PLT011', 'owner', spec, ['owner'], spec.value['owner']),
    ),
  ];
}

function features(world: World): Fault[] {
  const { views, entities, models } = world;
  const used = new Set(models.flatMap(({ value }) => value['features'] as string[]));
  const stays = models.filter(({ value }) => !value['deprecated']);
  return [
    ...entities
      .filter(({ value }) => value['type'] !== 'int32')
      .map((entity) => changed(world, 'FEA003 FEA004', '32-bit key', entity, ['type'], 'int32', undefined)),
    ...views.flatMap((view) => [
      removed(world, 'FEA002', 'no TTL', view, ['ttl'], rootOf(view)),
      changed(world, 'FEA002', 'zero TTL', view, ['ttl'], '0h'),
      removed(world, 'FEA005', 'no event timestamp', view, ['batch', 'timestamp'], keyOf(view, ['batch'])),
      removed(world, 'FEA006', 'no created timestamp', view, ['batch', 'created'], keyOf(view, ['batch'])),
      ...(view.value['freshness']
        ? [changed(world, 'FEA009', 'fresher than it is written', view, ['freshness'], '1m')]
        : []),
      changed(world, 'FEA009', 'shorter than the schedule', view, ['ttl'], '1m', (files) =>
        view.value['freshness'] ? placeOf(files, view.file, ['ttl']) : placeOf(files, view.file, ['ttl']),
      ),
      removed(world, view.value['stream'] ? 'FEA012' : 'SPC005', 'no history', view, ['batch'], rootOf(view)),
      ...(used.has(`${view.name}.*`) || view.value['deprecated']
        ? []
        : [
            added(
              world,
              'FEA015',
              'nobody uses it',
              view,
              ['features'],
              'idle_thing: {type: float64}',
              keyOf(view, ['features', 'idle_thing']),
            ),
          ]),
      ...keysOf(view.value['features'])
        .filter((name) => stays.some(({ value }) => value['features'].includes(`${view.name}.${name}`)))
        .map((name) =>
          added(
            world,
            'DEP001',
            'used although it goes',
            view,
            ['features', name],
            'deprecated: {until: 2099-12-31}',
            usedAt(stays, `${view.name}.${name}`),
          ),
        ),
      ...keysOf(view.value['features'])
        .filter((name) => used.has(`${view.name}.${name}`))
        .map((name): Fault => {
          const renamed = `${name}_old`;
          const files = setKey(world.files, view.file, ['features', name], renamed);
          const model = models.find(({ value }) =>
            (value['features'] as string[]).includes(`${view.name}.${name}`),
          ) as Spec;
          const index = (model.value['features'] as string[]).indexOf(`${view.name}.${name}`);
          return {
            codes: ['FEA001'],
            what: `renamed ${name}`,
            files,
            at: placeOf(files, model.file, ['features', index], view.name.length + 1),
            meant: null,
          };
        }),
    ]),
  ];
}

/** Where the first model lists a feature. */
function usedAt(models: readonly Spec[], feature: string): (files: Files) => Position {
  const model = models.find(({ value }) => (value['features'] as string[]).includes(feature)) as Spec;
  return valueAt(model, ['features', (model.value['features'] as string[]).indexOf(feature)]);
}

function pipelines(world: World): Fault[] {
  return world.pipelines.flatMap((pipeline) => {
    const { schedule, steps } = pipeline.value as { schedule?: Value; steps: Value };
    const entries = Object.entries(steps);
    const cron = typeof schedule?.['cron'] === 'string';
    const zone = String(world.platform.value['defaults'].timezone);
    return [
      ...(cron
        ? [
            changed(world, 'PIP004', 'never fires', pipeline, ['schedule', 'cron'], '"0 0 30 2 *"'),
            changed(world, 'PIP004', 'four fields', pipeline, ['schedule', 'cron'], '"0 0 * *"'),
            changed(world, 'PIP004', 'minute 61', pipeline, ['schedule', 'cron'], '"61 4 * * *"'),
          ]
        : []),
      ...(cron && /^(America|Europe)/.test(zone) && /^"15/.test(JSON.stringify(schedule?.['cron']))
        ? [changed(world, 'PIP005', 'in the gap', pipeline, ['schedule', 'cron'], '"30 2 * * *"')]
        : []),
      ...entries.flatMap(([name, step]) => [
        ...(step.run && !step.retries
          ? [added(world, 'PIP007', 'not retried', pipeline, ['steps', name], 'retries: 0')]
          : []),
        ...(step.run && step.writes
          ? [added(world, 'PIP008', 'retried, and appends', pipeline, ['steps', name], 'mode: append')]
          : []),
        ...(step.run && step.writes
          ? [added(world, 'PIP008', 'retried, and not idempotent', pipeline, ['steps', name], 'idempotent: false')]
          : []),
        ...(cron && !step.timeout && step.run
          ? [added(world, 'PIP006', 'longer than the interval', pipeline, ['steps', name], 'timeout: 2d')]
          : []),
        ...(step.run
          ? [
              added(
                world,
                'SPC012',
                'two things at once',
                pipeline,
                ['steps', name],
                'uses: gate',
                keyOf(pipeline, ['steps', name, 'uses']),
              ),
            ]
          : []),
        ...keysOf(step.with)
          .filter((key) => typeof step.with[key] === 'number')
          .map((key) => changed(world, 'PIP011', 'another type', pipeline, ['steps', name, 'with', key], 'many')),
      ]),
    ];
  });
}

function models(world: World): Fault[] {
  return world.models.flatMap((model) => {
    const { task, label, train, serving, monitoring } = model.value as Value;
    const online = serving?.online;
    const other = task === 'regression' ? 'roc_auc' : 'rmse';
    const columns = new Set(keysOf(model.value['request']));
    const derived = world.pipelines.some(({ value }) =>
      Object.values(value['steps'] as Value).some(
        (step) =>
          step.reads?.includes(label.table) &&
          world.views.some(
            (view) =>
              [step.writes].flat().includes(view.value['batch'].table ?? view.name) &&
              (model.value['features'] as string[]).some((text) => text.startsWith(`${view.name}.`)),
          ),
      ),
    );
    return [
      changed(world, 'MOD005', 'metric of the other task', model, ['train', 'metric'], other),
      ...(train.goal
        ? []
        : [
            added(
              world,
              'MOD005',
              'against its metric',
              model,
              ['train'],
              `goal: ${/rmse|mae|log_loss/.test(train.metric) ? 'maximize' : 'minimize'}`,
            ),
          ]),
      ...(train.goal
        ? [
            changed(
              world,
              'MOD005',
              'against its metric',
              model,
              ['train', 'goal'],
              train.goal === 'maximize' ? 'minimize' : 'maximize',
            ),
          ]
        : []),
      ...(monitoring?.quality
        ? [
            added(
              world,
              'MOD006',
              'monitor of the other task',
              model,
              ['monitoring', 'quality'],
              `${other}: {max: 1}`,
              keyOf(model, ['monitoring', 'quality', other]),
            ),
          ]
        : []),
      ...(columns.size > 0
        ? [
            added(
              world,
              'FEA007',
              'the label asked for',
              model,
              ['request'],
              `${label.column}: {type: float64}`,
              keyOf(model, ['request', label.column]),
            ),
          ]
        : []),
      ...(label.known_after ?? []).map((column: string) =>
        added(
          world,
          'FEA007',
          'known too late',
          model,
          ['request'],
          `${column}: {type: bool}`,
          keyOf(model, ['request', column]),
        ),
      ),
      ...(label.known_after
        ? []
        : [...columns]
            .slice(0, 2)
            .map((column) =>
              added(
                world,
                'FEA007',
                'declared as known too late',
                model,
                ['label'],
                `known_after: [${column}]`,
                keyOf(model, ['request', column]),
              ),
            )),
      ...(label.horizon && derived && !label.window
        ? [removed(world, 'FEA008', 'no horizon', model, ['label', 'horizon'], keyOf(model, ['label']))]
        : []),
      ...(label.horizon && derived && !label.window
        ? [
            added(
              world,
              'FEA008',
              'outcome of longer than the horizon',
              model,
              ['label'],
              'window: 5d',
              valueAt(model, ['label', 'window']),
            ),
          ]
        : []),
      ...(online?.latency_p99 && !online.budget
        ? [
            added(
              world,
              'SRV001',
              'no time for it',
              model,
              ['serving', 'online'],
              'budget: {features: 150ms, model: 90ms}',
              valueAt(model, ['serving', 'online', 'latency_p99']),
            ),
          ]
        : []),
      ...(online?.budget
        ? [
            changed(world, 'SRV001', 'tighter than its parts', model, ['serving', 'online', 'latency_p99'], '25ms'),
            changed(
              world,
              'SRV001',
              'a slow model',
              model,
              ['serving', 'online', 'budget', 'model'],
              '90ms',
              valueAt(model, ['serving', 'online', 'latency_p99']),
            ),
          ]
        : []),
      ...(online && serving.missing_features
        ? [
            removed(
              world,
              'SRV004',
              'no policy',
              model,
              ['serving', 'missing_features'],
              keyOf(model, ['serving', 'online']),
            ),
          ]
        : []),
      ...(monitoring?.drift
        ? [added(world, 'OBS006', 'a handful of samples', model, ['monitoring', 'drift'], 'min_samples: 10')]
        : []
      ).filter(() => monitoring.drift.min_samples === undefined),
      ...keysOf(train.with)
        .filter((key) => typeof train.with[key] === 'number')
        .map((key) => changed(world, 'PIP011', 'another type', model, ['train', 'with', key], 'many')),
      ...[...columns]
        .slice(0, 2)
        .map((column) => changed(world, 'FEA003', 'another type', model, ['request', column, 'type'], 'string')),
      ...(model.value['features'] as string[]).slice(0, 2).map((text, index) => {
        const files = setValue(world.files, model.file, ['features', index], `${text}, ${text}`);
        return {
          codes: ['SPC009'],
          what: `${text} twice`,
          files,
          at: placeOf(files, model.file, ['features', index + 1]),
          meant: null,
        };
      }),
      ...(online
        ? [...new Set((model.value['features'] as string[]).map((text) => text.split('.')[0]))].flatMap((name) => {
            const view = world.views.find((each) => each.name === name);
            if (!view || view.value['stream'] || view.value['online'] !== undefined) return [];
            const index = (model.value['features'] as string[]).findIndex((text) => text.startsWith(`${name}.`));
            return [
              added(world, 'SRV003', 'not online', view, [], 'online: false', valueAt(model, ['features', index])),
            ];
          })
        : []),
    ];
  });
}

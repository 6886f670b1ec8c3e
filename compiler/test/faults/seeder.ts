/**
 * Seeded faults: one value of a sane repository changed, removed or added, and what a reader of the
 * specs would say of it (code and place). Imports nothing of the compiler.
 */
import {
  add,
  dataOf,
  type Files,
  has,
  kindOf,
  type Path,
  type Position,
  placeOf,
  placeOfKey,
  positionAt,
  randomNumbers,
  remove,
  setKey,
  setValue,
  typo,
} from './repository.ts';

export interface Fault {
  /** Any of these is right where a mistake can be read in two ways. */
  codes: string[];
  what: string;
  files: Files;
  at: Position;
  /** The name that the help must tell, where the fault is a misspelt one. */
  meant: string | null;
}

// biome-ignore lint/suspicious/noExplicitAny: what a spec holds, read without the compiler's types
type Value = Record<string, any>;

interface Spec {
  file: string;
  name: string;
  text: string;
  value: Value;
}

interface World {
  files: Files;
  platform: Spec;
  entities: Spec[];
  views: Spec[];
  pipelines: Spec[];
  models: Spec[];
  monitorings: Spec[];
  random: () => number;
}

const nameOf = (file: string, value: Value): string => {
  const parts = file.replace(/\.yaml$/, '').split('/');
  return value['name'] ?? (/^(pipeline|model)$/.test(parts.at(-1) ?? '') ? parts.at(-2) : parts.at(-1));
};

function worldOf(files: Files, seed: number): World {
  const specs = [...files]
    .filter(([file]) => file.endsWith('.yaml'))
    .map(([file, text]) => ({ file, text, value: dataOf(text), name: '' }))
    .map((each) => ({ ...each, name: nameOf(each.file, each.value) }));
  const of = (kind: string) => specs.filter(({ text }) => kindOf(text) === kind);
  return {
    files,
    platform: of('Platform')[0] as Spec,
    entities: of('Entity'),
    views: of('FeatureView'),
    pipelines: of('Pipeline'),
    models: of('Model'),
    monitorings: of('Monitoring'),
    random: randomNumbers(seed),
  };
}

const keysOf = (value: unknown): string[] => Object.keys((value ?? {}) as object);

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
    ...services(world),
    ...monitorings(world),
  ];
}

const changed = (
  world: World,
  codes: string,
  what: string,
  spec: Spec,
  path: Path,
  text: string,
  at?: (files: Files) => Position,
): Fault => {
  const files = setValue(world.files, spec.file, path, text);
  return {
    codes: codes.split(' '),
    what: `${what}: ${path.join('/')} ${text}`,
    files,
    at: at?.(files) ?? placeOf(files, spec.file, path),
    meant: null,
  };
};

const removed = (world: World, codes: string, what: string, spec: Spec, path: Path, at: (files: Files) => Position): Fault => {
  const files = remove(world.files, spec.file, path);
  return { codes: codes.split(' '), what: `${what}: without ${path.join('/')}`, files, at: at(files), meant: null };
};

const added = (
  world: World,
  codes: string,
  what: string,
  spec: Spec,
  path: Path,
  entry: string,
  at?: (files: Files) => Position,
): Fault => {
  const files = add(world.files, spec.file, path, entry);
  const key = entry.slice(0, entry.indexOf(':'));
  return {
    codes: codes.split(' '),
    what: `${what}: ${[...path, entry].join('/')}`,
    files,
    at: at?.(files) ?? placeOf(files, spec.file, [...path, key]),
    meant: null,
  };
};

function misspelt(world: World, codes: string, what: string, spec: Spec, path: Path, name: string, prefix = ''): Fault[] {
  const text = String(path.reduce<Value | undefined>((value, step) => value?.[step], spec.value));
  const begin = text.indexOf(name, prefix.length);
  if (name.length < 4 || begin < 0) return [];
  const wrong = typo(name, world.random);
  const quoted = world.files.get(spec.file)?.slice(0).includes(`"${text}"`) === true && /[^\w.*/: -]/.test(text);
  if (quoted) return [];
  const files = setValue(world.files, spec.file, path, text.slice(0, begin) + wrong + text.slice(begin + name.length));
  return [{ codes: codes.split(' '), what: `${what} ${name} → ${wrong}`, files, at: placeOf(files, spec.file, path, begin), meant: name }];
}

function misspeltReferences(world: World): Fault[] {
  const { views, models, pipelines, entities } = world;
  const known = new Set(views.map(({ name }) => name));
  return [
    ...views.flatMap((view) =>
      Array.isArray(view.value['entity'])
        ? view.value['entity'].flatMap((name: string, index: number) => misspelt(world, 'FEA001', 'entity', view, ['entity', index], name))
        : misspelt(world, 'FEA001', 'entity', view, ['entity'], String(view.value['entity'])),
    ),
    ...models.flatMap((model) => [
      ...(model.value['features'] as string[]).flatMap((text, index) => {
        const [view = '', feature = ''] = text.split('.');
        const inView = known.has(view) ? misspelt(world, 'FEA001', 'view', model, ['features', index], view) : [];
        const inFeature = feature === '*' ? [] : misspelt(world, 'FEA001', 'feature', model, ['features', index], feature, `${view}.`);
        return [...inView, ...inFeature];
      }),
      ...misspelt(world, 'MOD001', 'label table', model, ['label', 'table'], model.value['label'].table),
      ...misspelt(world, 'MOD001', 'label column', model, ['label', 'column'], model.value['label'].column),
      ...misspelt(world, 'MOD001', 'label timestamp', model, ['label', 'timestamp'], model.value['label'].timestamp),
      ...misspelt(world, 'PIP011', 'function', model, ['train', 'run'], String(model.value['train'].run).split(':')[1] ?? '', 'train.py:'),
      ...misspelt(world, 'PIP011', 'file', model, ['train', 'run'], 'train'),
      ...keysOf(model.value['train'].with).flatMap((key) => misspeltKey(world, 'PIP011', 'parameter', model, ['train', 'with', key])),
      ...(model.value['label'].known_after ?? []).flatMap((name: string, index: number) =>
        misspelt(world, 'MOD001', 'known after', model, ['label', 'known_after', index], name),
      ),
      ...(model.value['monitoring']?.drift?.ignore ?? []).flatMap((text: string, index: number) =>
        misspelt(world, 'FEA001', 'left out of drift', model, ['monitoring', 'drift', 'ignore', index], text.split('.')[0] ?? ''),
      ),
      ...keysOf(model.value['request']).flatMap((key) => misspeltKey(world, 'MOD001', 'request field', model, ['request', key])),
      ...(has(model.text, ['serving', 'batch'])
        ? misspelt(world, 'MOD001', 'rows to score', model, ['serving', 'batch', 'entities'], model.value['serving'].batch.entities)
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
          ...(typeof step.needs === 'string' ? misspelt(world, 'PIP014', 'step', pipeline, [...path, 'needs'], step.needs) : []),
          ...(run === '' ? [] : misspelt(world, 'PIP011', 'function', pipeline, [...path, 'run'], called, `${file}:`)),
          ...(run === '' ? [] : misspelt(world, 'PIP011', 'file', pipeline, [...path, 'run'], file.replace(/\.py$/, ''))),
          ...keysOf(step.with).flatMap((key) => misspeltKey(world, 'PIP011', 'parameter', pipeline, [...path, 'with', key])),
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

function misspeltKey(world: World, codes: string, what: string, spec: Spec, path: Path): Fault[] {
  const name = String(path.at(-1));
  if (name.length < 4) return [];
  const wrong = typo(name, world.random);
  const files = setKey(world.files, spec.file, path, wrong);
  return [
    {
      codes: codes.split(' '),
      what: `${what} ${name} → ${wrong}`,
      files,
      at: placeOfKey(files, spec.file, [...path.slice(0, -1), wrong]),
      meant: name,
    },
  ];
}

const rootOf =
  (spec: Spec) =>
  (files: Files): Position =>
    placeOf(files, spec.file, []);

const keyOf =
  (spec: Spec, path: Path) =>
  (files: Files): Position =>
    placeOfKey(files, spec.file, path);

const valueAt =
  (spec: Spec, path: Path) =>
  (files: Files): Position =>
    placeOf(files, spec.file, path);

function features(world: World): Fault[] {
  const { views, entities, models } = world;
  const used = new Set(models.flatMap(({ value }) => value['features'] as string[]));
  return [
    ...entities
      .filter(({ value }) => value['type'] !== 'int32')
      .map((entity) => changed(world, 'FEA003 FEA004', '32-bit key', entity, ['type'], 'int32', undefined)),
    ...views.flatMap((view) => [
      removed(world, 'FEA002', 'no TTL', view, ['ttl'], rootOf(view)),
      changed(world, 'FEA002', 'zero TTL', view, ['ttl'], '0h'),
      removed(world, 'FEA005', 'no event timestamp', view, ['batch', 'timestamp'], keyOf(view, ['batch'])),
      removed(world, 'FEA006', 'no created timestamp', view, ['batch', 'created'], keyOf(view, ['batch'])),
      ...(view.value['freshness'] ? [changed(world, 'FEA009', 'fresher than it is written', view, ['freshness'], '1m')] : []),
      changed(world, 'FEA009', 'shorter than the schedule', view, ['ttl'], '1m', (files) =>
        view.value['freshness'] ? placeOf(files, view.file, ['ttl']) : placeOf(files, view.file, ['ttl']),
      ),
      removed(world, view.value['stream'] ? 'FEA012' : 'SPC005', 'no history', view, ['batch'], rootOf(view)),
      ...(used.has(`${view.name}.*`)
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
        .filter((name) => used.has(`${view.name}.${name}`))
        .map((name): Fault => {
          const renamed = `${name}_old`;
          const files = setKey(world.files, view.file, ['features', name], renamed);
          const model = models.find(({ value }) => (value['features'] as string[]).includes(`${view.name}.${name}`)) as Spec;
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
        ...(step.run && !step.retries ? [added(world, 'PIP007', 'not retried', pipeline, ['steps', name], 'retries: 0')] : []),
        ...(step.run && step.writes ? [added(world, 'PIP008', 'retried, and appends', pipeline, ['steps', name], 'mode: append')] : []),
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
        ? [changed(world, 'MOD005', 'against its metric', model, ['train', 'goal'], train.goal === 'maximize' ? 'minimize' : 'maximize')]
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
        added(world, 'FEA007', 'known too late', model, ['request'], `${column}: {type: bool}`, keyOf(model, ['request', column])),
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
        ? [removed(world, 'SRV004', 'no policy', model, ['serving', 'missing_features'], keyOf(model, ['serving', 'online']))]
        : []),
      ...(monitoring?.drift
        ? [added(world, 'OBS006', 'a handful of samples', model, ['monitoring', 'drift'], 'min_samples: 10')]
        : []
      ).filter(() => monitoring.drift.min_samples === undefined),
      ...keysOf(train.with)
        .filter((key) => typeof train.with[key] === 'number')
        .map((key) => changed(world, 'PIP011', 'another type', model, ['train', 'with', key], 'many')),
      ...[...columns].slice(0, 2).map((column) => changed(world, 'FEA003', 'another type', model, ['request', column, 'type'], 'string')),
      ...(model.value['features'] as string[]).slice(0, 2).map((text, index) => {
        const files = setValue(world.files, model.file, ['features', index], `${text}, ${text}`);
        return { codes: ['SPC009'], what: `${text} twice`, files, at: placeOf(files, model.file, ['features', index + 1]), meant: null };
      }),
      ...(online
        ? [...new Set((model.value['features'] as string[]).map((text) => text.split('.')[0]))].flatMap((name) => {
            const view = world.views.find((each) => each.name === name);
            if (!view || view.value['stream'] || view.value['online'] !== undefined) return [];
            const index = (model.value['features'] as string[]).findIndex((text) => text.startsWith(`${name}.`));
            return [added(world, 'SRV003', 'not online', view, [], 'online: false', valueAt(model, ['features', index]))];
          })
        : []),
    ];
  });
}

function streams(world: World): Fault[] {
  return world.views
    .filter(({ value }) => value['stream'])
    .flatMap((view) => [
      ...(view.value['stream'].retention
        ? [changed(world, 'KAF003', 'shorter than the TTL', view, ['stream', 'retention'], '1h')]
        : [added(world, 'KAF003', 'shorter than the TTL', view, ['stream'], 'retention: 1h')]),
      added(world, 'KAF003', 'shorter than an outage', view, ['stream'], 'outage: 60d', (files) =>
        view.value['stream'].retention
          ? placeOf(files, view.file, ['stream', 'retention'])
          : placeOf(files, view.file, ['stream', 'outage']),
      ),
      added(world, 'KAF009', 'not online', view, [], 'online: false', keyOf(view, ['stream'])),
    ]);
}

function platform(world: World): Fault[] {
  const { platform: spec } = world;
  const environments = Object.entries(spec.value['environments'] as Value);
  return [
    ...environments.flatMap(([name, environment]) => [
      added(world, 'FEA010', 'gone before its TTL', spec, ['environments', name], 'online_ttl: 1h'),
      ...(environment.alerting
        ? [removed(world, 'OBS010', 'no channel', spec, ['environments', name, 'alerting'], keyOf(spec, ['environments', name]))]
        : []),
      ...(environment.secrets
        ? [
            removed(
              world,
              'SPC012',
              'no folder',
              spec,
              ['environments', name, 'secrets', 'dir'],
              valueAt(spec, ['environments', name, 'secrets']),
            ),
          ]
        : []),
      added(
        world,
        'PLT001',
        'a port twice',
        spec,
        ['environments', name],
        `ports: {mlflow: ${8080 + (environment.port_offset ?? 0)}}`,
        valueAt(spec, ['environments', name, 'ports', 'mlflow']),
      ),
    ]),
    ...Object.entries((spec.value['connections'] ?? {}) as Value).flatMap(([name, connection]) =>
      keysOf(connection)
        .filter((key) => typeof connection[key] === 'object')
        .map((key) => changed(world, 'PLT004', 'written out', spec, ['connections', name, key], 'hunter2')),
    ),
    ...(spec.value['defaults']?.owner
      ? misspelt(world, 'PLT011', 'default owner', spec, ['defaults', 'owner'], spec.value['defaults'].owner)
      : []),
    ...(
      [
        ['timezone', 'PIP004', 'Europe/Berlim'],
        ['timeout', 'PIP006', '3d'],
        ['retries', 'PIP006', '20'],
      ] as const
    )
      .filter(([key]) => spec.value['defaults'][key] !== undefined)
      .map(([key, code, text]) => changed(world, code, 'of all', spec, ['defaults', key], text)),
  ];
}

/** Topics, aliases, null values, personal data, the time that callers wait. */
function promises(world: World): Fault[] {
  const environments = Object.entries(world.platform.value['environments'] as Value);
  const streamed = world.views.filter(({ value }) => value['stream']);
  return [
    ...streamed.flatMap((view) => [
      added(world, 'KAF005', 'more copies than brokers', view, ['stream'], 'replication: 3'),
      added(world, 'KAF005', 'more in sync than copies', view, ['stream'], 'min_in_sync: 2'),
      added(world, 'KAF007', 'no dead letters', view, ['stream'], 'dead_letter: false'),
      ...(view.value['stream'].cleanup === 'compact' && view.value['stream'].keyed
        ? [changed(world, 'KAF006', 'compacted without keys', view, ['stream', 'keyed'], 'false', valueAt(view, ['stream', 'cleanup']))]
        : []),
      ...keysOf(view.value['features'])
        .slice(0, 2)
        .map((name) =>
          added(
            world,
            'LOG003',
            'personal in a topic',
            view,
            ['features', name],
            'personal: true',
            keyOf(view, ['features', name, 'personal']),
          ),
        ),
    ]),
    ...world.models.flatMap((model) => {
      const { serving, request } = model.value as Value;
      const online = serving?.online;
      if (!online) return [];
      return [
        ...(online.client_timeout
          ? [
              changed(
                world,
                'SRV002',
                'the server takes longer',
                model,
                ['serving', 'online', 'timeout'],
                '20s',
                valueAt(model, ['serving', 'online', 'client_timeout']),
              ),
            ]
          : online.timeout === '1s'
            ? []
            : [added(world, 'SRV002', 'callers give up first', model, ['serving', 'online'], 'client_timeout: 1s')]),
        ...(online.canary
          ? [
              changed(
                world,
                'SRV005',
                'shares of 95',
                model,
                ['serving', 'online', 'canary', 'weights', 'trial'],
                '5',
                keyOf(model, ['serving', 'online', 'canary', 'weights']),
              ),
              removed(
                world,
                'SRV005',
                'nothing aborts it',
                model,
                ['serving', 'online', 'canary', 'abort_if'],
                keyOf(model, ['serving', 'online', 'canary']),
              ),
            ]
          : []),
        ...(online.slo_window ? [changed(world, 'SRV006', 'longer than is kept', model, ['serving', 'online', 'slo_window'], '400d')] : []),
        ...keysOf(request)
          .filter((name) => /int|bool/.test(request[name].type))
          .map((name) => added(world, 'MOD003', 'null in a whole number', model, ['request', name], 'nullable: true')),
        ...keysOf(request)
          .slice(0, 1)
          .map((name) =>
            added(
              world,
              'LOG003',
              'personal in a log',
              model,
              ['request', name],
              'personal: true',
              keyOf(model, ['request', name, 'personal']),
            ),
          ),
        ...(serving.aliases
          ? environments.flatMap(([name]) => [
              removed(world, 'MOD004', 'no alias', model, ['serving', 'aliases', name], keyOf(model, ['serving', 'aliases'])),
              changed(world, 'MOD004', 'reserved', model, ['serving', 'aliases', name], 'latest'),
              changed(world, 'MOD004', 'a version', model, ['serving', 'aliases', name], 'v3'),
            ])
          : []),
      ];
    }),
  ];
}

/** A team's own containers. */
function services(world: World): Fault[] {
  const { platform: spec } = world;
  return [
    ...promises(world),
    ...code(world),
    ...Object.entries(spec.value['environments'] as Value).flatMap(([environment, { services: own, quota, volumes }]) =>
      Object.entries((own ?? {}) as Value).flatMap(([name, service]) => {
        const at: Path = ['environments', environment, 'services', name];
        const image = String(service.image).split(':')[0] ?? '';
        return [
          changed(world, 'PLT003', 'untagged', spec, [...at, 'image'], image),
          changed(world, 'PLT003', 'latest', spec, [...at, 'image'], `"${image}:latest"`),
          ...(service.publish ? [changed(world, 'PLT001', "the proxy's port", spec, [...at, 'publish'], '8000')] : []),
          ...(quota?.memory ? [changed(world, 'PLT007', 'above the quota', spec, [...at, 'memory'], '64g')] : []),
          ...(quota?.cpus ? [added(world, 'PLT007', 'above the quota', spec, at, 'cpus: 99')] : []),
          ...(volumes
            ? [added(world, 'PLT002', 'no such volume', spec, at, 'volumes: {lost: /lost}', keyOf(spec, [...at, 'volumes', 'lost']))]
            : []
          ).filter(() => !service.volumes),
          ...keysOf(service.volumes).flatMap((volume) => misspeltKey(world, 'PLT002', 'volume', spec, [...at, 'volumes', volume])),
          ...(service.networks ?? []).flatMap((network: string, index: number) =>
            misspelt(world, 'PLT002', 'network', spec, [...at, 'networks', index], network),
          ),
          ...keysOf(service.needs).flatMap((needed) => [
            ...misspeltKey(world, 'PLT002', 'service', spec, [...at, 'needs', needed]),
            removed(
              world,
              'PLT005',
              'no health check',
              spec,
              ['environments', environment, 'services', needed, 'health'],
              keyOf(spec, [...at, 'needs', needed]),
            ),
          ]),
          ...(/redis|postgres/.test(image) && service.health
            ? [changed(world, 'PLT006', 'not in the image', spec, [...at, 'health', 0], 'curl')]
            : []),
          ...(service.metrics
            ? [changed(world, 'OBS003', 'out of reach', spec, [...at, 'networks'], '[edge]', keyOf(spec, [...at, 'metrics']))]
            : []),
          ...keysOf(service.variables)
            .filter((variable) => String(service.variables[variable]).startsWith('http://'))
            .flatMap((variable) => [
              changed(world, 'PLT008', 'itself', spec, [...at, 'variables', variable], '"http://localhost:8000"'),
              changed(
                world,
                'PLT009',
                'TLS where there is none',
                spec,
                [...at, 'variables', variable],
                `"${String(service.variables[variable]).replace('http:', 'https:')}"`,
              ),
            ]),
          ...(service.variables ? [added(world, 'PLT004', 'written out', spec, [...at, 'variables'], 'API_TOKEN: abcdef0123456789')] : []),
        ];
      }),
    ),
  ];
}

/** A team's own alerts, dashboards and log indices. */
function monitorings(world: World): Fault[] {
  return world.monitorings.flatMap((spec) => [
    ...Object.entries((spec.value['alerts'] ?? {}) as Value).flatMap(([name, alert]) => {
      const at: Path = ['alerts', name, 'expr'];
      const metric = /mlops_\w+/.exec(alert.expr)?.[0] ?? '';
      const offset = (files: Files, word: string): Position => {
        const place = placeOf(files, spec.file, at);
        const text = files.get(spec.file)?.split('\n')[place.line - 1] ?? '';
        return { ...place, column: text.indexOf(word, place.column - 1) + 1 };
      };
      const respelt = alert.expr.replace(metric, `${metric}_x`);
      return [
        changed(world, 'OBS001', 'unknown metric', spec, at, quoted(respelt), (files) => offset(files, `${metric}_x`)),
        ...(alert.expr.includes('[5m]')
          ? [
              changed(world, 'OBS005', 'short window', spec, at, quoted(alert.expr.replace('[5m]', '[30s]')), (files) =>
                offset(files, '[30s]'),
              ),
            ]
          : []),
        ...(/_total\{/.test(alert.expr)
          ? [changed(world, 'OBS002', 'bare counter', spec, at, `${metric} > 5`, (files) => offset(files, metric))]
          : [
              changed(world, 'OBS002', 'rate of a gauge', spec, at, `sum by (view) (rate(mlops_stream_lag_records[5m])) > 5`, (files) =>
                offset(files, 'rate('),
              ),
            ]),
        ...(alert.expr.includes('sum by (')
          ? [
              changed(world, 'OBS004', 'label dropped', spec, at, quoted(alert.expr.replace(/sum by \([^)]*\)/, 'sum')), (files) =>
                placeOf(files, spec.file, ['alerts', name, 'summary']),
              ),
            ]
          : []),
        removed(world, 'OBS009', 'no runbook', spec, ['alerts', name, 'runbook'], keyOf(spec, ['alerts', name])),
      ];
    }),
    ...Object.entries((spec.value['dashboards'] ?? {}) as Value).flatMap(([name, { panels }], index, all) => [
      ...(index > 0
        ? [changed(world, 'OBS007', 'title twice', spec, ['dashboards', name, 'title'], String(all[0]?.[1].title))]
        : [added(world, 'OBS007', 'address of ours', spec, ['dashboards', name], 'uid: mlops-platform')]),
      ...(panels as Value[]).flatMap((panel, at) => [
        removed(
          world,
          'OBS009',
          'no unit',
          spec,
          ['dashboards', name, 'panels', at, 'unit'],
          keyOf(spec, ['dashboards', name, 'panels', at]),
        ),
        ...(panel.datasource
          ? [changed(world, 'OBS008', 'no such datasource', spec, ['dashboards', name, 'panels', at, 'datasource'], 'graphite')]
          : []),
      ]),
    ]),
    ...Object.entries((spec.value['log_indices'] ?? {}) as Value).flatMap(([name], index, all) => [
      ...(index > 0
        ? [changed(world, 'LOG002', 'overlaps another', spec, ['log_indices', name, 'pattern'], String(all[0]?.[1].pattern))]
        : []),
    ]),
  ]);
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A model's code asks its frame for an input that is spelt otherwise. */
function code(world: World): Fault[] {
  return world.models.flatMap((model) =>
    [...world.files]
      .filter(([file]) => file.endsWith('.py') && file.startsWith(model.file.slice(0, model.file.lastIndexOf('/') + 1)))
      .flatMap(([file, text]) => {
        const [found] = text.matchAll(/\b([a-z]\w*?)__([a-z]\w{4,})\b/g);
        if (!found || !world.views.some(({ name }) => name === found[1])) return [];
        const [whole, view = '', feature = ''] = found;
        const wrong = `${view}__${typo(feature, world.random)}`;
        const changedText = text.replaceAll(whole, wrong);
        return [
          {
            codes: ['MOD001'],
            what: `input in code: ${whole} → ${wrong}`,
            files: new Map([...world.files, [file, changedText]]),
            at: positionAt(file, changedText, changedText.indexOf(wrong)),
            meant: whole,
          },
        ];
      }),
  );
}

/** Pull requests that edit features, feature views, entities and their topics. */
import { keysOf, type Spec, type Value, type World } from '../faults/making.ts';
import { reach, tableOf, topicOf, usedBy } from './flow.ts';
import * as is from './pull.ts';

const NARROWER_TYPE: Record<string, string> = { int64: 'int32', float64: 'float32' };
const WIDER_TYPE: Record<string, string> = { int32: 'int64', float32: 'float64', int64: 'float64' };
const OTHER_UNIT: Record<string, string> = { min: 's', EUR: 'USD', s: 'min', day: 'h', degF: '°C', mph: 'km/h' };

export const featureOf = (view: Spec, name: string): string => `feature_view/${view.name}/feature/${name}`;

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

const seconds = (text: string): number => {
  const [, count = '', unit = ''] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  return Number(count) * (SECONDS[unit] ?? 0);
};

const longer = (text: string, by: number): string => `${seconds(text) / 60 + by}m`;

export function features(world: World): is.Pull[] {
  return world.views.flatMap((view) =>
    keysOf(view.value['features']).flatMap((name) => [
      ...ofType(world, view, name),
      ...ofMeaning(world, view, name),
      ...ofPresence(world, view, name),
    ]),
  );
}

const isUsed = (world: World, view: Spec, name: string): boolean =>
  world.models.some((model) => usedBy(world, model).includes(`${view.name}.${name}`));

function ofType(world: World, view: Spec, name: string): is.Pull[] {
  const { type } = view.value['features'][name];
  const what = `${view.name}.${name}`;
  const radius = reach(world, { features: [what], inTopics: true });
  const to = (kind: string, other: string, classes: readonly is.Class[]): is.Pull =>
    is.pull(
      world,
      kind,
      `${what} ${type} → ${other}`,
      is.setting(view, ['features', name, 'type'], other),
      is.says(featureOf(view, name), classes),
      radius,
    );
  return [
    ...(NARROWER_TYPE[type] ? [to('feature type narrowed', NARROWER_TYPE[type], is.NARROWER)] : []),
    ...(WIDER_TYPE[type] ? [to('feature type widened', WIDER_TYPE[type], is.NOT_HARMLESS)] : []),
    ...(type === 'bool' || (type === 'int64' && view.value['features'][name].min === undefined)
      ? [to('feature type replaced', 'string', is.NARROWER)]
      : []),
  ];
}

function ofMeaning(world: World, view: Spec, name: string): is.Pull[] {
  const feature: Value = view.value['features'][name];
  const what = `${view.name}.${name}`;
  const object = featureOf(view, name);
  const path = ['features', name];
  const radius = reach(world, { features: [what] });
  const unit = OTHER_UNIT[feature['unit']];
  return [
    is.pull(
      world,
      'feature described otherwise',
      what,
      is.stating(view, [...path, 'description'], 'What it says now.'),
      is.says(object, 'metadata'),
    ),
    is.pull(
      world,
      'feature tagged',
      what,
      is.stating(view, [...path, 'tags'], '{tier: silver}'),
      is.says(object, 'metadata'),
    ),
    ...(feature['deprecated']
      ? [is.pull(world, 'feature stays', what, [is.removing(view, [...path, 'deprecated'])], is.says(object, is.ANY))]
      : [
          is.pull(
            world,
            'feature announced to go',
            what,
            is.stating(view, [...path, 'deprecated'], '{until: 2099-12-31}'),
            is.says(object, 'compatible'),
          ),
        ]),
    ...(unit
      ? [
          is.pull(
            world,
            'feature unit changed',
            `${what} ${unit}`,
            is.setting(view, [...path, 'unit'], unit),
            is.says(object, is.VALUES),
            radius,
          ),
        ]
      : []),
    ...(feature['window']
      ? [
          is.pull(
            world,
            'feature window changed',
            what,
            is.setting(view, [...path, 'window'], longer(feature['window'], 10)),
            is.says(object, is.VALUES),
            radius,
          ),
        ]
      : []),
    ...(feature['min'] === 0 && feature['max'] !== 1
      ? [
          is.pull(
            world,
            'feature range widened',
            what,
            is.setting(view, [...path, 'min'], '-1'),
            is.says(object, is.ANY),
          ),
          is.pull(
            world,
            'feature range narrowed',
            what,
            is.setting(view, [...path, 'min'], '1'),
            is.says(object, ['compatible', ...is.NOT_HARMLESS]),
          ),
        ]
      : []),
    is.pull(
      world,
      'fewer missing values allowed',
      what,
      is.stating(view, [...path, 'max_missing'], '0.5%'),
      is.says(object, ['compatible', ...is.NOT_HARMLESS]),
    ),
  ];
}

function ofPresence(world: World, view: Spec, name: string): is.Pull[] {
  const what = `${view.name}.${name}`;
  const used = isUsed(world, view, name);
  const radius = reach(world, { features: [what], inTopics: true });
  const classes: readonly is.Class[] = used ? ['breaking'] : is.NARROWER;
  const listed = world.models.filter(({ value }) => (value['features'] as string[]).includes(what));
  const ignored = world.models.filter(({ text }) => new RegExp(`ignore:.*${what}`).test(text));
  const isLast = keysOf(view.value['features']).length === 1;
  const isOnlyOne = listed.some(({ value }) => value['features'].length === 1);
  const dropped =
    isLast || isOnlyOne || ignored.length > 0
      ? []
      : [
          is.pull(
            world,
            'feature removed',
            what,
            [
              is.removing(view, ['features', name]),
              ...listed.map((model) => is.removing(model, ['features', model.value['features'].indexOf(what)])),
            ],
            is.says(featureOf(view, name), classes),
            radius,
          ),
        ];
  const other = `${name}_v2`;
  return [
    ...dropped,
    is.pull(
      world,
      'feature renamed',
      `${what} → ${other}`,
      is.everywhere(name, other),
      [is.says(featureOf(view, name), classes)],
      radius,
    ),
  ];
}

export function views(world: World): is.Pull[] {
  return world.views.flatMap((view) => {
    const object = `feature_view/${view.name}`;
    const radius = reach(world, { views: [view.name] });
    const all = world.models.some(({ value }) => (value['features'] as string[]).includes(`${view.name}.*`));
    const added = reach(world, { views: [view.name], inTopics: true });
    return [
      is.pull(
        world,
        'view described otherwise',
        view.name,
        is.stating(view, ['description'], 'Another text.'),
        is.says(object, 'metadata'),
      ),
      is.pull(
        world,
        'view tagged',
        view.name,
        is.stating(view, ['tags'], '{tier: silver}'),
        is.says(object, 'metadata'),
      ),
      is.pull(
        world,
        'TTL lengthened',
        view.name,
        is.setting(view, ['ttl'], longer(view.value['ttl'], 60)),
        is.says(object, ['compatible', ...is.VALUES]),
      ),
      is.pull(
        world,
        'TTL shortened',
        view.name,
        is.setting(view, ['ttl'], longer(view.value['ttl'], -60)),
        is.says(object, is.NOT_HARMLESS),
        radius,
      ),
      ...(view.value['freshness']
        ? [
            is.pull(
              world,
              'freshness loosened',
              view.name,
              is.setting(view, ['freshness'], longer(view.value['freshness'], 60)),
              is.says(object, is.ANY),
            ),
            is.pull(
              world,
              'freshness tightened',
              view.name,
              is.setting(view, ['freshness'], longer(view.value['freshness'], -60)),
              is.says(object, ['compatible', ...is.NOT_HARMLESS]),
            ),
          ]
        : []),
      is.pull(
        world,
        'view asked for rows',
        view.name,
        is.stating(view, ['quality'], '{min_rows: 7}'),
        is.says(object, is.ANY),
      ),
      is.pull(
        world,
        'feature added',
        `${view.name}.fresh_one`,
        is.adding(view, ['features'], 'fresh_one: {type: float64, description: One more.}'),
        [
          is.says(`${object}/feature/fresh_one`, ['compatible', 'backfill', 'retrain']),
          ...world.models
            .filter(({ value }) => (value['features'] as string[]).includes(`${view.name}.*`))
            .map(({ name }) => is.says(`model/${name}`, ['retrain', 'breaking'])),
        ],
        all ? added : null,
      ),
      is.pull(
        world,
        'table moved',
        `${tableOf(view)} → moved_rows`,
        movedTable(world, view),
        is.says(object, is.NOT_HARMLESS),
        radius,
      ),
    ];
  });
}

/** The view reads another table, which its step writes from now on. */
function movedTable(world: World, view: Spec): is.Edit[] {
  const table = tableOf(view);
  const stated = view.value['batch'].table === undefined ? is.adding : is.setting;
  const edit =
    stated === is.adding
      ? is.adding(view, ['batch'], 'table: moved_rows')
      : is.setting(view, ['batch', 'table'], 'moved_rows');
  const steps = world.pipelines.flatMap((pipeline) =>
    Object.entries(pipeline.value['steps'] as Value).flatMap(([name, step]) =>
      (['reads', 'writes'] as const).flatMap((list) =>
        Array.isArray(step[list]) && step[list].includes(table)
          ? [is.setting(pipeline, ['steps', name, list, step[list].indexOf(table)], 'moved_rows')]
          : [],
      ),
    ),
  );
  return [edit, ...steps];
}

/** Wherever the name stands, and in the file's name where that gives it. */
export function renamedViews(world: World): is.Pull[] {
  return world.views.map((view) => {
    const other = `${view.name}_v2`;
    const used = world.models.some(({ value }) =>
      (value['features'] as string[]).some((text) => text.startsWith(`${view.name}.`)),
    );
    const moved: is.Edit = (files) => {
      const text = files.get(view.file) as string;
      return is.putting(`features/${other}.yaml`, text)(is.deleting(view.file)(files));
    };
    return is.pull(
      world,
      'view renamed',
      `${view.name} → ${other}`,
      view.value['name'] === undefined ? [is.everywhere(view.name, other), moved] : is.everywhere(view.name, other),
      is.says(`feature_view/${view.name}`, used ? 'breaking' : is.NARROWER),
      reach(world, { views: [view.name], inTopics: true }),
    );
  });
}

export function entities(world: World): is.Pull[] {
  return world.entities.flatMap((entity) => {
    const object = `entity/${entity.name}`;
    const views = world.views
      .filter(({ value }) => [value['entity']].flat().includes(entity.name))
      .map(({ name }) => name);
    return [
      is.pull(
        world,
        'entity described otherwise',
        entity.name,
        is.stating(entity, ['description'], 'Another text.'),
        is.says(object, 'metadata'),
      ),
      is.pull(
        world,
        'entity tagged',
        entity.name,
        is.stating(entity, ['tags'], '{source: elsewhere}'),
        is.says(object, 'metadata'),
      ),
      ...(entity.value['type'] === 'int64'
        ? [
            is.pull(
              world,
              'key type changed',
              entity.name,
              [
                is.setting(entity, ['type'], 'string'),
                (files) =>
                  new Map(
                    [...files].map(([path, text]) => [
                      path,
                      text.replaceAll(`{${entity.name}: int64`, `{${entity.name}: string`),
                    ]),
                  ),
              ],
              is.says(object, ['breaking', 'recreate', 'one-way']),
              reach(world, { views, inTopics: true }),
            ),
          ]
        : []),
    ];
  });
}

export function topics(world: World): is.Pull[] {
  return world.views.flatMap((view) => {
    const stream: Value | undefined = view.value['stream'];
    const topic = topicOf(view);
    if (!stream || !topic) return [];
    const object = `feature_view/${view.name}/stream`;
    const concerned = { views: [view.name], models: [], topics: [topic], apis: [] };
    const set = (kind: string, key: string, text: string, classes: readonly is.Class[]): is.Pull =>
      is.pull(
        world,
        kind,
        `${topic}: ${key} ${text}`,
        is.stating(view, ['stream', key], text),
        is.says(object, classes),
        concerned,
      );
    return [
      set('topic got more partitions', 'partitions', '48', ['compatible', ...is.NARROWER]),
      ...(stream['partitions'] ? [set('topic got fewer partitions', 'partitions', '2', ['breaking', 'recreate'])] : []),
      set('topic keeps for longer', 'retention', '90d', ['compatible', 'metadata']),
      ...(stream['retention'] ? [set('topic keeps for less long', 'retention', '8d', is.NARROWER)] : []),
      set('topic renamed', 'topic', `${topic}.v2`, is.NARROWER),
      ...(stream['cleanup'] === 'compact'
        ? [set('topic no longer compacted', 'cleanup', 'delete', is.NOT_HARMLESS)]
        : []),
      is.pull(world, 'stream removed', topic, is.removing(view, ['stream']), is.says(object, is.NARROWER), concerned),
    ];
  });
}

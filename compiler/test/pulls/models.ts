/** Pull requests that edit models: what they learn from, how they are served and watched. */
import { keysOf, type Spec, type Value, type World } from '../faults/making.ts';
import { isOnline, type Names, reach } from './flow.ts';
import { doingMore } from './pipelines.ts';
import * as is from './pull.ts';

const isAt = (model: Spec, path: readonly string[]): boolean =>
  path.reduce<unknown>((value, step) => (value as Value | undefined)?.[step], model.value) !== undefined;

export function models(world: World): is.Pull[] {
  return world.models.flatMap((model) => {
    const radius = { ...reach(world, { models: [model.name] }) };
    return [
      ...described(world, model),
      ...trained(world, model, radius),
      ...requested(world, model, radius),
      ...served(world, model, radius),
      ...watched(world, model),
    ];
  });
}

function described(world: World, model: Spec): is.Pull[] {
  const object = `model/${model.name}`;
  return [
    is.pull(
      world,
      'model described otherwise',
      model.name,
      is.stating(model, ['description'], 'Another text.'),
      is.says(object, 'metadata'),
    ),
    is.pull(
      world,
      'model tagged',
      model.name,
      is.stating(model, ['tags'], '{tier: silver}'),
      is.says(object, 'metadata'),
    ),
  ];
}

function trained(world: World, model: Spec, radius: Names): is.Pull[] {
  const train: Value = model.value['train'];
  const object = `model/${model.name}/train`;
  const set = (kind: string, path: string[], text: string, classes: readonly is.Class[], at = object): is.Pull =>
    is.pull(world, kind, `${model.name} ${text}`, is.stating(model, path, text), is.says(at, classes), radius);
  const numbers = Object.entries((train['with'] ?? {}) as Value).filter(([, value]) => Number.isInteger(value));
  const [file = '', called = ''] = String(train['run']).split(':');
  const path = `${model.file.split('/').slice(0, -1).join('/')}/${file}`;
  const text = world.files.get(path) as string;
  const features = model.value['features'] as string[];
  return [
    ...numbers.map(([key, value]) =>
      set('training parameter changed', ['train', 'with', key], `${value + 5}`, ['retrain']),
    ),
    set('holdout changed', ['train', 'holdout'], '21d', ['retrain', 'compatible', 'metadata']),
    set('training window changed', ['train', 'window'], '200d', ['retrain']),
    is.pull(
      world,
      'margin of promotion changed',
      model.name,
      is.setting(model, ['train', 'promote_if', 'by'], '3%'),
      is.says(object, ['metadata', 'compatible', 'retrain']),
    ),
    set('horizon changed', ['label', 'horizon'], '3h', ['retrain', 'breaking'], `model/${model.name}/label`),
    is.pull(
      world,
      'training code changed',
      model.name,
      is.putting(path, doingMore(text, called)),
      is.says(object, ['retrain']),
      radius,
    ),
    ...(features.length > 1
      ? features.flatMap((used, index) =>
          new RegExp(`ignore:.*${used.split('.')[0]}\\.`).test(model.text)
            ? []
            : [
                is.pull(
                  world,
                  'feature no longer used',
                  `${model.name} ${used}`,
                  is.removing(model, ['features', index]),
                  is.says(`model/${model.name}`, ['retrain', 'breaking', 'recreate']),
                  radius,
                ),
              ],
        )
      : []),
  ];
}

function requested(world: World, model: Spec, radius: Names): is.Pull[] {
  const object = (name: string): string => `model/${model.name}/request_field/${name}`;
  const fields = Object.entries((model.value['request'] ?? {}) as Value);
  return fields.flatMap(([name, field]) => [
    is.pull(
      world,
      'request field described otherwise',
      `${model.name}.${name}`,
      is.stating(model, ['request', name, 'description'], 'Another text.'),
      is.says(object(name), 'metadata'),
    ),
    ...(field.min === 0
      ? [
          is.pull(
            world,
            'request range widened',
            `${model.name}.${name}`,
            is.setting(model, ['request', name, 'min'], '-5'),
            is.says(object(name), ['compatible', 'retrain']),
            radius,
          ),
          is.pull(
            world,
            'request range narrowed',
            `${model.name}.${name}`,
            is.setting(model, ['request', name, 'min'], '1'),
            is.says(object(name), isOnline(model) ? ['breaking'] : is.ANY),
            radius,
          ),
        ]
      : []),
    ...(fields.length > 1 && !new RegExp(`ignore:.*\\b${name}\\b`).test(model.text)
      ? [
          is.pull(
            world,
            'request field removed',
            `${model.name}.${name}`,
            is.removing(model, ['request', name]),
            is.says(object(name), ['retrain', 'breaking']),
            radius,
          ),
        ]
      : []),
  ]);
}

function served(world: World, model: Spec, radius: Names): is.Pull[] {
  const online: Value | undefined = model.value['serving']?.online;
  const missing = model.value['serving']?.missing_features;
  const policy = is.pull(
    world,
    'missing features treated otherwise',
    model.name,
    is.stating(model, ['serving', 'missing_features'], missing === 'allow' ? 'reject' : 'allow'),
    is.says(`model/${model.name}`, ['retrain', 'breaking']),
    radius,
  );
  if (!online) return [policy];
  const object = `model/${model.name}/online`;
  const set = (kind: string, key: string, text: string, classes: readonly is.Class[]): is.Pull =>
    is.pull(
      world,
      kind,
      `${model.name}: ${key} ${text}`,
      is.stating(model, ['serving', 'online', key], text),
      is.says(object, classes),
      radius,
    );
  return [
    policy,
    set('availability promised less', 'availability', '99%', ['compatible', 'breaking']),
    set('availability promised more', 'availability', '99.99%', ['metadata', 'compatible']),
    set('latency promised later', 'latency_p99', '400ms', ['compatible', 'breaking']),
    ...(['local', 'laptop'].includes(Object.keys(online['overrides'] ?? { none: 0 })[0] ?? '') || !online['workers']
      ? []
      : [set('more workers', 'workers', '3', is.OPERATION)]),
    is.pull(
      world,
      'no longer served online',
      model.name,
      is.removing(model, ['serving', 'online']),
      is.says(object, ['breaking']),
      radius,
    ),
  ];
}

function watched(world: World, model: Spec): is.Pull[] {
  const object = `model/${model.name}`;
  const limits = (model.value['monitoring']?.quality ?? {}) as Value;
  return [
    ...keysOf(limits)
      .filter((name) => limits[name]?.max !== undefined)
      .map((name) =>
        is.pull(
          world,
          'quality limit loosened',
          `${model.name} ${name}`,
          is.setting(model, ['monitoring', 'quality', name, 'max'], '1000'),
          is.says(object, is.NO_BREAK),
        ),
      ),
    ...(isAt(model, ['monitoring', 'drift', 'psi'])
      ? [
          is.pull(
            world,
            'drift limit loosened',
            model.name,
            is.setting(model, ['monitoring', 'drift', 'psi'], '3'),
            is.says(object, is.NO_BREAK),
          ),
        ]
      : []),
  ];
}

/** Pull requests that edit environments, containers, owners, alerts and dashboards. */
import { keysOf, type Spec, type Value, type World } from '../faults/making.ts';
import * as is from './pull.ts';

export function platform(world: World): is.Pull[] {
  const { platform: spec } = world;
  const environments = Object.entries(spec.value['environments'] as Value);
  return [
    is.pull(
      world,
      'platform described otherwise',
      '',
      is.stating(spec, ['description'], 'Another text.'),
      is.says(`platform/${spec.name}`, 'metadata'),
    ),
    ...keysOf(spec.value['owners']).map((name) =>
      is.pull(
        world,
        'owner has another address',
        name,
        is.setting(spec, ['owners', name, 'email'], 'others@example.com'),
        is.says(`owner/${name}`, [...is.NO_BREAK]),
      ),
    ),
    ...environments.flatMap(([name, environment]) => ofEnvironment(world, name, environment)),
    ...(environments.length > 1 ? environments.slice(0, 1).map(([name]) => withoutEnvironment(world, name)) : []),
  ];
}

function ofEnvironment(world: World, name: string, environment: Value): is.Pull[] {
  const { platform: spec } = world;
  const object = `environment/${name}`;
  const path = ['environments', name];
  const state = (kind: string, key: string, text: string, classes: readonly is.Class[]): is.Pull =>
    is.pull(world, kind, `${name}: ${text}`, is.stating(spec, [...path, key], text), is.says(object, classes));
  return [
    state('ports moved', 'port_offset', '3000', ['recreate', 'breaking', 'compatible']),
    ...(environment['stores'] === 'servers'
      ? [
          state('metrics kept for longer', 'metrics_retention', '400d', is.OPERATION),
          state('online keys kept for longer', 'online_ttl', '200d', is.OPERATION),
        ]
      : []),
    ...(environment['host'] ? [state('host moved', 'host', 'other.example.com', is.NOT_HARMLESS)] : []),
    ...(environment['alerting']?.slack
      ? [
          is.pull(
            world,
            'alerts sent elsewhere',
            name,
            is.setting(spec, [...path, 'alerting', 'slack', 'secret'], 'other_webhook'),
            is.says(object, is.ANY),
          ),
        ]
      : []),
    ...Object.entries((environment['services'] ?? {}) as Value).flatMap(([service, value]) =>
      ofContainer(world, name, service, value),
    ),
  ];
}

function ofContainer(world: World, environment: string, name: string, value: Value): is.Pull[] {
  const path = ['environments', environment, 'services', name];
  const object = `environment/${environment}/container/${name}`;
  const set = (kind: string, key: string, text: string, classes: readonly is.Class[]): is.Pull =>
    is.pull(
      world,
      kind,
      `${name}: ${text}`,
      is.stating(world.platform, [...path, key], text),
      is.says(object, classes),
    );
  return [
    set('container image changed', 'image', 'registry.example.com/other/thing:9.9.9', ['recreate', 'breaking']),
    set('container memory changed', 'memory', '300m', ['recreate', 'compatible', 'metadata']),
    ...(value['publish'] ? [set('published port moved', 'publish', '18123', ['recreate', 'breaking'])] : []),
  ];
}

function withoutEnvironment(world: World, name: string): is.Pull {
  return is.pull(
    world,
    'environment removed',
    name,
    is.removing(world.platform, ['environments', name]),
    is.says(`environment/${name}`, ['breaking', 'one-way']),
  );
}

export function monitorings(world: World): is.Pull[] {
  return world.monitorings.flatMap((spec) => [
    ...Object.entries((spec.value['alerts'] ?? {}) as Value).flatMap(([name, alert]) =>
      ofAlert(world, spec, name, alert),
    ),
    ...keysOf(spec.value['dashboards']).flatMap((name) => [
      is.pull(
        world,
        'dashboard called otherwise',
        name,
        is.setting(spec, ['dashboards', name, 'title'], 'Another title'),
        is.says(`monitoring/${spec.name}/dashboard/${name}`, is.OPERATION),
      ),
    ]),
    ...keysOf(spec.value['log_indices']).map((name) =>
      is.pull(
        world,
        'log index ranked otherwise',
        name,
        is.stating(spec, ['log_indices', name, 'priority'], '310'),
        is.says(`monitoring/${spec.name}/log_index/${name}`, is.ANY),
      ),
    ),
  ]);
}

function ofAlert(world: World, spec: Spec, name: string, alert: Value): is.Pull[] {
  const object = `monitoring/${spec.name}/alert/${name}`;
  const path = ['alerts', name];
  const hasTests = alert['tests'] !== undefined;
  const last = keysOf(spec.value['alerts']).length === 1;
  return [
    is.pull(
      world,
      'alert says something else',
      name,
      is.setting(spec, [...path, 'runbook'], 'https://wiki.example.com/other'),
      is.says(object, is.NO_BREAK),
    ),
    ...(hasTests
      ? []
      : [
          is.pull(
            world,
            'alert waits for longer',
            name,
            is.stating(spec, [...path, 'for'], '25m'),
            is.says(object, ['compatible', 'breaking', 'recreate']),
          ),
        ]),
    is.pull(
      world,
      'alert pages no longer, or does now',
      name,
      is.stating(spec, [...path, 'severity'], alert['severity'] === 'page' ? 'ticket' : 'page'),
      is.says(object, is.ANY),
    ),
    ...(last
      ? []
      : [
          is.pull(
            world,
            'alert removed',
            name,
            is.removing(spec, path),
            is.says(object, ['breaking', 'one-way', 'compatible']),
          ),
        ]),
  ];
}

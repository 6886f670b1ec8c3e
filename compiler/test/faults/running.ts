/** Faults in what runs: streams, environments, containers, alerts, promises of a served model. */
import {
  added,
  changed,
  type Fault,
  keyOf,
  keysOf,
  misspelt,
  misspeltKey,
  removed,
  type Value,
  valueAt,
  type World,
} from './making.ts';
import { type Files, type Path, type Position, placeOf, positionAt, typo } from './repository.ts';

export function streams(world: World): Fault[] {
  return world.views
    .filter(({ value }) => value['stream'])
    .flatMap((view) => [
      ...(view.value['stream'].retention
        ? [changed(world, 'KAF003', 'shorter than the table takes', view, ['stream', 'retention'], '1m')]
        : [added(world, 'KAF003', 'shorter than the table takes', view, ['stream'], 'retention: 1m')]),
      added(world, 'KAF003', 'shorter than an outage', view, ['stream'], 'outage: 60d', (files) =>
        view.value['stream'].retention
          ? placeOf(files, view.file, ['stream', 'retention'])
          : placeOf(files, view.file, ['stream', 'outage']),
      ),
      added(world, 'KAF009', 'not online', view, [], 'online: false', keyOf(view, ['stream'])),
    ]);
}

export function platform(world: World): Fault[] {
  const { platform: spec } = world;
  const environments = Object.entries(spec.value['environments'] as Value);
  return [
    ...environments.flatMap(([name, environment]) => [
      added(world, 'FEA010', 'gone before its TTL', spec, ['environments', name], 'online_ttl: 1h'),
      ...(environment.alerting
        ? [
            removed(
              world,
              'OBS010',
              'no channel',
              spec,
              ['environments', name, 'alerting'],
              keyOf(spec, ['environments', name]),
            ),
          ]
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
export function promises(world: World): Fault[] {
  const environments = Object.entries(world.platform.value['environments'] as Value);
  const streamed = world.views.filter(({ value }) => value['stream']);
  return [
    ...streamed.flatMap((view) => [
      added(world, 'KAF005', 'more copies than brokers', view, ['stream'], 'replication: 3'),
      added(world, 'KAF005', 'more in sync than copies', view, ['stream'], 'min_in_sync: 2'),
      added(world, 'KAF007', 'no dead letters', view, ['stream'], 'dead_letter: false'),
      ...(view.value['stream'].cleanup === 'compact' && view.value['stream'].keyed
        ? [
            changed(
              world,
              'KAF006',
              'compacted without keys',
              view,
              ['stream', 'keyed'],
              'false',
              valueAt(view, ['stream', 'cleanup']),
            ),
          ]
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
        ...(online.slo_window
          ? [changed(world, 'SRV006', 'longer than is kept', model, ['serving', 'online', 'slo_window'], '400d')]
          : []),
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
              removed(
                world,
                'MOD004',
                'no alias',
                model,
                ['serving', 'aliases', name],
                keyOf(model, ['serving', 'aliases']),
              ),
              changed(world, 'MOD004', 'reserved', model, ['serving', 'aliases', name], 'latest'),
              changed(world, 'MOD004', 'a version', model, ['serving', 'aliases', name], 'v3'),
            ])
          : []),
      ];
    }),
  ];
}

/** A team's own containers. */
export function services(world: World): Fault[] {
  const { platform: spec } = world;
  return [
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
            ? [
                added(
                  world,
                  'PLT002',
                  'no such volume',
                  spec,
                  at,
                  'volumes: {lost: /lost}',
                  keyOf(spec, [...at, 'volumes', 'lost']),
                ),
              ]
            : []
          ).filter(() => !service.volumes),
          ...keysOf(service.volumes).flatMap((volume) =>
            misspeltKey(world, 'PLT002', 'volume', spec, [...at, 'volumes', volume]),
          ),
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
            ? [
                changed(
                  world,
                  'OBS003',
                  'out of reach',
                  spec,
                  [...at, 'networks'],
                  '[edge]',
                  keyOf(spec, [...at, 'metrics']),
                ),
              ]
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
          ...(service.variables
            ? [added(world, 'PLT004', 'written out', spec, [...at, 'variables'], 'API_TOKEN: abcdef0123456789')]
            : []),
        ];
      }),
    ),
  ];
}

/** A team's own alerts, dashboards and log indices. */
export function monitorings(world: World): Fault[] {
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
              changed(
                world,
                'OBS002',
                'rate of a gauge',
                spec,
                at,
                `sum by (view) (rate(mlops_stream_lag_records[5m])) > 5`,
                (files) => offset(files, 'rate('),
              ),
            ]),
        ...(alert.expr.includes('sum by (')
          ? [
              changed(
                world,
                'OBS004',
                'label dropped',
                spec,
                at,
                quoted(alert.expr.replace(/sum by \([^)]*\)/, 'sum')),
                (files) => placeOf(files, spec.file, ['alerts', name, 'summary']),
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
          ? [
              changed(
                world,
                'OBS008',
                'no such datasource',
                spec,
                ['dashboards', name, 'panels', at, 'datasource'],
                'graphite',
              ),
            ]
          : []),
      ]),
    ]),
    ...Object.entries((spec.value['log_indices'] ?? {}) as Value).flatMap(([name], index, all) => [
      ...(index > 0
        ? [
            changed(
              world,
              'LOG002',
              'overlaps another',
              spec,
              ['log_indices', name, 'pattern'],
              String(all[0]?.[1].pattern),
            ),
          ]
        : []),
    ]),
  ]);
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A model's code asks its frame for an input that is spelt otherwise. */
export function code(world: World): Fault[] {
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

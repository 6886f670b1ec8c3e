/**
 * An IR to try targets on: the shape of the sample (two views, one model with both kinds of serving, a
 * written and two derived pipelines), and small enough that a golden can be read.
 */
import { DEFAULT_PORTS } from '../ir/parts.ts';
import type { Environment, Feature, FeatureView, Ir, Model, Ports } from '../ir/types.ts';
import { champion, pipelineFile, pipelines, table } from './fixture-pipelines.ts';

const carrierFile = 'features/carrier_delays.yaml';
const planeFile = 'features/plane_delays.yaml';
const modelFile = 'models/departure_delay/model.yaml';

function feature(name: string, file: string, line: number, rest: Partial<Feature>): Feature {
  return {
    name,
    type: 'float64',
    description: '',
    unit: null,
    windowSeconds: null,
    min: null,
    max: null,
    maxMissing: null,
    tags: {},
    origin: { file, line },
    ...rest,
  };
}

const carrierDelays: FeatureView = {
  name: 'carrier_delays',
  description: "How a carrier's departures have gone lately, hour by hour.",
  owner: 'ops-analytics',
  tags: { tier: 'gold' },
  origin: { file: carrierFile, line: 1 },
  entities: ['carrier'],
  ttlSeconds: 86_400,
  freshnessSeconds: 21_600,
  online: true,
  batch: { table: 'carrier_delays', timestamp: 'observed_at', created: 'ingested_at' },
  stream: {
    topic: 'carrier_delays',
    deadLetterTopic: 'carrier_delays.dead_letter',
    replication: 1,
    minInSync: 1,
    cleanup: 'delete',
    keyed: true,
    consumerGroup: 'feature_view.carrier_delays',
    partitions: 3,
    retentionSeconds: 604_800,
  },
  quality: { windowSeconds: 86_400, minRows: 100 },
  features: [
    feature('mean_delay_6h', carrierFile, 8, {
      description: 'Mean departure delay over the last six hours.',
      unit: 'min',
      windowSeconds: 21_600,
    }),
    feature('departures_6h', carrierFile, 9, {
      type: 'int64',
      description: 'Departures in the last six hours.',
      windowSeconds: 21_600,
      min: 0,
      maxMissing: 0.05,
      tags: { pii: 'no' },
    }),
  ],
};

const planeDelays: FeatureView = {
  name: 'plane_delays',
  description: 'What a plane has been through lately, updated at each of its departures.',
  owner: 'ops-analytics',
  tags: {},
  origin: { file: planeFile, line: 1 },
  entities: ['plane'],
  ttlSeconds: 604_800,
  freshnessSeconds: null,
  online: true,
  batch: { table: 'plane_delays', timestamp: 'observed_at', created: null },
  stream: null,
  quality: { windowSeconds: 86_400, minRows: null },
  features: [
    feature('last_delay', planeFile, 7, { description: 'Departure delay of its latest flight.', unit: 'min' }),
  ],
};

const departureDelay: Model = {
  name: 'departure_delay',
  description: 'Departure delay of a flight in minutes, predicted two hours before it is due to leave.',
  owner: 'ops-analytics',
  tags: { tier: 'gold' },
  origin: { file: modelFile, line: 1 },
  specDigest: `sha256:${'0'.repeat(64)}`,
  folder: 'models/departure_delay',
  lock: null,
  task: 'regression',
  label: {
    table: 'flights',
    column: 'dep_delay',
    type: 'float64',
    timestamp: 'scheduled_at',
    horizonSeconds: 7200,
  },
  entities: [
    { entity: 'carrier', joinKey: 'carrier', type: 'string' },
    { entity: 'plane', joinKey: 'plane', type: 'string' },
  ],
  features: [
    {
      view: 'carrier_delays',
      feature: 'mean_delay_6h',
      type: 'float64',
      input: 'carrier_delays__mean_delay_6h',
      mask: null,
    },
    {
      view: 'carrier_delays',
      feature: 'departures_6h',
      type: 'int64',
      input: 'carrier_delays__departures_6h',
      mask: null,
    },
    { view: 'plane_delays', feature: 'last_delay', type: 'float64', input: 'plane_delays__last_delay', mask: null },
  ],
  request: [
    {
      name: 'distance',
      type: 'int64',
      description: 'Distance to the destination.',
      unit: 'mi',
      min: 0,
      max: null,
      nullable: false,
      mask: null,
    },
  ],
  inputs: [
    { name: 'carrier_delays__mean_delay_6h', type: 'float64', required: false },
    { name: 'carrier_delays__departures_6h', type: 'float64', required: false },
    { name: 'plane_delays__last_delay', type: 'float64', required: false },
    { name: 'distance', type: 'int64', required: true },
  ],
  output: { name: 'prediction', type: 'float64' },
  aliases: {},
  missingFeatures: 'allow',
  train: {
    file: 'models/departure_delay/train.py',
    function: 'fit',
    with: { learning_rate: 0.08, max_iter: 200 },
    windowSeconds: null,
    holdoutSeconds: 5_184_000,
    metric: 'rmse',
    goal: 'minimize',
    promoteIf: { beats: ['baseline', 'champion'], by: 0.02 },
  },
  online: { timeoutSeconds: 2, objectives: { latencySeconds: 0.05, availability: 0.999, windowSeconds: 2_592_000 } },
  batch: { entities: 'flights', windowSeconds: 86_400, output: 'departure_delay_predictions' },
  asset: champion,
  monitoring: {
    drift: { psi: 0.2, windowSeconds: 86_400, minSamples: 500, ignore: ['distance'] },
    quality: { windowSeconds: 604_800, minSamples: 100, limits: [{ metric: 'rmse', min: null, max: 45 }] },
  },
};

export const local: Environment = {
  name: 'local',
  origin: { file: 'platform.yaml', line: 8 },
  runtime: 'process',
  stores: 'embedded',
  onlineTtlSeconds: null,
  metricsRetentionSeconds: 1_296_000,
  host: '127.0.0.1',
  ports: DEFAULT_PORTS,
  alerting: { webhook: null, slack: null, smtp: null },
  secrets: { provider: 'env' },
  services: [
    {
      model: 'departure_delay',
      port: 20417,
      workers: 1,
      replicas: 1,
      timeoutSeconds: 2,
      missingFeatures: 'allow',
      clientTimeoutSeconds: null,
      canary: null,
    },
  ],
  consumers: [],
  containers: [],
};

/** Real servers, as processes. */
export const staging: Environment = {
  ...local,
  name: 'staging',
  origin: { file: 'platform.yaml', line: 9 },
  stores: 'servers',
  onlineTtlSeconds: null,
  metricsRetentionSeconds: 1_296_000,
  ports: Object.fromEntries(Object.entries(DEFAULT_PORTS).map(([part, port]) => [part, port + 10_000])) as Ports,
  alerting: { webhook: 'http://127.0.0.1:19999/alerts', slack: null, smtp: null },
  services: [
    {
      model: 'departure_delay',
      port: 20418,
      workers: 2,
      replicas: 1,
      timeoutSeconds: 2,
      missingFeatures: 'allow',
      clientTimeoutSeconds: null,
      canary: null,
    },
  ],
  consumers: [{ view: 'carrier_delays', port: 20419 }],
  containers: [],
};

/** Containers on one host. */
export const prod: Environment = {
  ...local,
  name: 'prod',
  origin: { file: 'platform.yaml', line: 10 },
  runtime: 'compose',
  stores: 'servers',
  onlineTtlSeconds: null,
  metricsRetentionSeconds: 1_296_000,
  host: 'mlops.example.com',
  alerting: {
    webhook: null,
    slack: { secret: 'slack-webhook' },
    smtp: { host: 'mail.example.com:587', from: 'mlops@example.com', username: 'mlops', passwordSecret: 'smtp' },
  },
  secrets: { provider: 'file', dir: 'secrets' },
  services: [
    {
      model: 'departure_delay',
      port: 20417,
      workers: 2,
      replicas: 2,
      timeoutSeconds: 2,
      missingFeatures: 'allow',
      clientTimeoutSeconds: null,
      canary: { alias: 'trial', weights: { champion: 90, trial: 10 }, abort: { errors: 0.02, latencySeconds: 0.2 } },
    },
  ],
  consumers: [{ view: 'carrier_delays', port: 20420 }],
  containers: [
    {
      name: 'feedback',
      image: 'registry.example.com/shop/feedback:1.4.2',
      command: ['feedback', '--listen', '8080'],
      port: 8080,
      publish: 18_080,
      tls: false,
      metrics: '/metrics',
      variables: { API_URL: 'http://proxy:8000', LOG_LEVEL: 'info' },
      secrets: ['feedback'],
      volumes: { answers: '/var/lib/feedback' },
      networks: ['edge', 'monitoring'],
      needs: { proxy: 'healthy' },
      health: ['wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:8080/healthz'],
      megabytes: 512,
      cpus: 0.5,
    },
  ],
};

const column = (name: string, type: Feature['type'], requiredBy: string[]) => ({ name, type, requiredBy });

export const ir: Ir = {
  irVersion: 1,
  alerts: [
    {
      name: 'checkout_slow',
      owner: 'ops-analytics',
      expr: 'histogram_quantile(0.99, sum by (le, model) (rate(mlops_serving_request_duration_seconds_bucket[5m]))) > 0.2',
      forSeconds: 300,
      severity: 'ticket',
      summary: '{{ $labels.model }} is slow',
      runbook: 'https://wiki.example.com/slow',
      origin: { file: 'monitoring/checkout.yaml', line: 4 },
    },
  ],
  dashboards: [
    {
      name: 'checkout',
      uid: 'team-checkout',
      title: 'Checkout',
      description: 'What the checkout sees of the platform.',
      panels: [
        {
          title: 'Requests',
          expr: 'sum by (model) (rate(mlops_serving_requests_total[$__rate_interval]))',
          unit: 'reqps',
        },
      ],
      origin: { file: 'monitoring/checkout.yaml', line: 10 },
    },
  ],
  logIndices: [
    {
      name: 'checkout',
      pattern: 'logs-checkout-*',
      priority: 300,
      origin: { file: 'monitoring/checkout.yaml', line: 16 },
    },
  ],
  platform: {
    name: 'flights',
    description: "Departure delays at New York's three airports.",
    timezone: 'America/New_York',
    origin: { file: 'platform.yaml', line: 1 },
    owners: [{ name: 'ops-analytics', email: 'ops-analytics@example.com', slack: '#ops-analytics' }],
  },
  connections: [
    {
      name: 'airline',
      origin: { file: 'platform.yaml', line: 9 },
      settings: { url: 'postgresql://db/flights' },
      secrets: { password: 'airline' },
    },
  ],
  entities: [
    {
      name: 'carrier',
      description: 'An airline, by its two-character IATA code.',
      owner: 'ops-analytics',
      joinKey: 'carrier',
      type: 'string',
      tags: {},
      origin: { file: 'features/entities/carrier.yaml', line: 1 },
    },
    {
      name: 'plane',
      description: 'An aircraft, by its tail number.',
      owner: 'ops-analytics',
      joinKey: 'plane',
      type: 'string',
      tags: { source: 'faa' },
      origin: { file: 'features/entities/plane.yaml', line: 1 },
    },
  ],
  tables: [
    {
      name: 'carrier_delays',
      origin: { file: carrierFile, line: 1 },
      columns: [
        column('carrier', 'string', [carrierFile]),
        column('departures_6h', 'int64', [carrierFile]),
        column('ingested_at', 'timestamp', [carrierFile]),
        column('mean_delay_6h', 'float64', [carrierFile]),
        column('observed_at', 'timestamp', [carrierFile]),
      ],
      timestamp: 'observed_at',
      writer: { pipeline: 'flights', step: 'carriers' },
      asset: table('carrier_delays'),
    },
    {
      name: 'flights',
      origin: { file: pipelineFile, line: 7 },
      columns: [
        column('carrier', 'string', [modelFile]),
        column('dep_delay', 'float64', [modelFile]),
        column('distance', 'int64', [modelFile]),
        column('plane', 'string', [modelFile]),
        column('scheduled_at', 'timestamp', [modelFile]),
      ],
      timestamp: 'scheduled_at',
      writer: { pipeline: 'flights', step: 'ingest' },
      asset: table('flights'),
    },
    {
      name: 'plane_delays',
      origin: { file: planeFile, line: 1 },
      columns: [
        column('last_delay', 'float64', [planeFile]),
        column('observed_at', 'timestamp', [planeFile]),
        column('plane', 'string', [planeFile]),
      ],
      timestamp: 'observed_at',
      writer: { pipeline: 'flights', step: 'planes' },
      asset: table('plane_delays'),
    },
  ],
  featureViews: [carrierDelays, planeDelays],
  models: [departureDelay],
  pipelines,
  environments: [local, prod, staging],
};

/** The pipelines of the fixture: a written one, and the two that its model has. */
import type { Asset, Pipeline, PlatformStep, Step } from '../ir/types.ts';

const asset = (kind: string, name: string): Asset => ({ name, uri: `mlops://flights/${kind}/${name}` });
export const table = (name: string): Asset => asset('table', name);
export const champion = asset('model', 'departure_delay');
const modelFile = 'models/departure_delay/model.yaml';
export const pipelineFile = 'pipelines/flights/pipeline.yaml';

function step(name: string, file: string, run: Step['run'], rest: Partial<Step>): Step {
  return {
    name,
    description: '',
    origin: { file, line: 6 },
    run,
    needs: [],
    reads: [],
    writes: [],
    mode: 'replace',
    partition: null,
    outlets: [],
    connections: [],
    retries: 2,
    retryDelaySeconds: 30,
    timeoutSeconds: 1200,
    ...rest,
  };
}

const call = (file: string, name: string): Step['run'] => ({
  kind: 'function',
  file: `pipelines/flights/${file}`,
  function: name,
  with: {},
  lock: null,
});

const flights: Pipeline = {
  name: 'flights',
  description: 'Flights and weather from their files into the feature store, every hour.',
  owner: 'ops-analytics',
  tags: ['hourly'],
  origin: { file: pipelineFile, line: 1 },
  derivedFrom: null,
  schedule: {
    kind: 'cron',
    cron: '20 * * * *',
    timezone: 'America/New_York',
    intervalSeconds: 3600,
    longestSeconds: 3600,
  },
  start: '2026-01-01',
  catchup: false,
  steps: [
    step('ingest', pipelineFile, call('ingest.py', 'load'), { writes: ['flights'], outlets: [table('flights')] }),
    step('carriers', pipelineFile, call('derive.py', 'carrier_delays'), {
      description: 'Delays by carrier and hour.',
      needs: ['ingest'],
      reads: ['flights'],
      writes: ['carrier_delays'],
      mode: 'overwrite_partition',
      partition: 'observed_at',
      outlets: [table('carrier_delays')],
      connections: ['airline'],
    }),
    step('planes', pipelineFile, call('derive.py', 'plane_delays'), {
      needs: ['ingest'],
      reads: ['flights'],
      writes: ['plane_delays'],
      outlets: [table('plane_delays')],
    }),
    step('materialize', pipelineFile, materialize(['carrier_delays', 'plane_delays']), {
      needs: ['carriers', 'planes'],
      reads: ['carrier_delays', 'plane_delays'],
      retries: 0,
    }),
  ],
};

function materialize(views: string[]): PlatformStep {
  return { kind: 'platform', uses: 'materialize', with: { views } };
}

function modelStep(uses: Exclude<PlatformStep['uses'], 'materialize'>, rest: Partial<Step>): Step {
  return step(uses, modelFile, { kind: 'platform', uses, with: { model: 'departure_delay' } }, rest);
}

const derived = {
  description: 'Departure delay of a flight in minutes, predicted two hours before it is due to leave.',
  owner: 'ops-analytics',
  tags: [],
  origin: { file: modelFile, line: 1 },
  start: '2026-01-01',
  catchup: false,
};

const train: Pipeline = {
  ...derived,
  name: 'train_departure_delay',
  derivedFrom: { model: 'departure_delay', purpose: 'train' },
  schedule: { kind: 'assets', anyOf: [[table('carrier_delays'), table('plane_delays')]] },
  steps: [
    modelStep('pull_features', { reads: ['flights'] }),
    modelStep('train', { needs: ['pull_features'] }),
    modelStep('evaluate', { needs: ['train'] }),
    modelStep('gate', { needs: ['evaluate'], retries: 0 }),
    modelStep('register', { needs: ['gate'], outlets: [champion] }),
  ],
};

const score: Pipeline = {
  ...derived,
  name: 'score_departure_delay',
  derivedFrom: { model: 'departure_delay', purpose: 'score' },
  schedule: { kind: 'assets', anyOf: [[table('carrier_delays'), table('flights')], [champion]] },
  steps: [
    modelStep('score', {
      reads: ['flights'],
      writes: ['departure_delay_predictions'],
      outlets: [table('departure_delay_predictions')],
    }),
  ],
};

export const pipelines: Pipeline[] = [flights, score, train];

/** Whom an alert reaches and what it silences, by Alertmanager itself with the sample's configuration. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { freePort } from '../../free-port.ts';
import { programPath } from './program.ts';

const CONFIGURATION = join(import.meta.dirname, '../../../generated/staging/alertmanager/alertmanager.yml');
const folder = mkdtempSync(join(tmpdir(), 'mlops-alertmanager-'));
test.after(() => rmSync(folder, { recursive: true }));

type Labels = Record<string, string>;

interface Posted {
  labels: Labels;
  status: { inhibitedBy: string[] };
}

/** Alertmanager answers at the address for as long as the work takes. */
async function asked<T>(work: (address: string) => Promise<T>): Promise<T> {
  const port = await freePort();
  const words = [`--config.file=${CONFIGURATION}`, `--storage.path=${folder}`, '--cluster.listen-address='];
  const child = spawn(programPath('prometheus-alertmanager'), [...words, `--web.listen-address=127.0.0.1:${port}`], {
    stdio: 'ignore',
  });
  const gone = new Promise((done) => child.once('exit', done));
  const address = `http://127.0.0.1:${port}`;
  try {
    while (!(await fetch(`${address}/-/ready`).catch(() => null))?.ok) {
      assert.is(child.exitCode, null, 'Alertmanager has ended');
      await new Promise((done) => setTimeout(done, 50));
    }
    return await work(address);
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

/** Names of the alerts that are silenced while all of these fire. */
function silencedAmong(alerts: Labels[]): Promise<string[]> {
  return asked(async (address) => {
    const body = JSON.stringify(alerts.map((labels) => ({ labels: { owner: 'ops-analytics', ...labels } })));
    const headers = { 'content-type': 'application/json' };
    assert.ok((await fetch(`${address}/api/v2/alerts`, { method: 'POST', headers, body })).ok);
    // It takes in what may silence others beside what it answers.
    let found: Posted[] = [];
    for (let quiet = 0, before = ''; quiet < 5; ) {
      await new Promise((done) => setTimeout(done, 100));
      found = (await (await fetch(`${address}/api/v2/alerts`)).json()) as Posted[];
      const now = JSON.stringify(found.map(({ labels, status }) => [labels, status.inhibitedBy]));
      quiet = found.length === alerts.length && now === before ? quiet + 1 : 0;
      before = now;
    }
    return found
      .filter(({ status }) => status.inhibitedBy.length > 0)
      .map(({ labels }) => labels['alertname'] ?? '')
      .sort();
  });
}

const model = 'departure_delay';
const view = 'plane_delays';
const host = { instance: 'node:9100', mountpoint: '/' };
const ticket = (alertname: string, about: Labels = {}): Labels => ({ alertname, severity: 'ticket', ...about });
const page = (alertname: string, about: Labels = {}): Labels => ({ alertname, severity: 'page', ...about });

const TICKETS = [
  ticket('PipelineFailed', { pipeline: 'flights' }),
  ticket('PipelineLate', { pipeline: 'flights' }),
  ticket('HostDiskFills', host),
  ticket('MonitorDown'),
  ticket('TargetDown', { job: 'node', instance: 'node:9100' }),
  ticket('ViewStale', { view }),
  ticket('InputDrift', { model, input: 'distance' }),
  ticket('ModelReplicaDown', { model }),
];

/** What fires → which of it is silenced. */
const CASES: [name: string, fires: Labels[], silenced: string[]][] = [
  ['a page of a team without a model or a view silences nothing', [page('checkout_is_down'), ...TICKETS], []],
  ['a page of a team about a model silences nothing', [page('answers_are_late', { model }), ...TICKETS], []],
  [
    'an API that is down explains its objectives and its replicas, and nothing else',
    [page('ModelApiDown', { model }), page('ModelAvailabilityBurnFast', { model }), ...TICKETS],
    ['ModelAvailabilityBurnFast', 'ModelReplicaDown'],
  ],
  [
    'an API of another model explains nothing',
    [page('ModelApiDown', { model: 'cancellation' }), page('ModelAvailabilityBurnFast', { model }), ...TICKETS],
    [],
  ],
  [
    'a budget that burns fast says what slower burning would',
    [
      page('ModelLatencyBurnFast', { model }),
      page('ModelLatencyBurn', { model }),
      ticket('ModelLatencyBurnSlow', { model }),
      ticket('ModelAvailabilityBurnSlow', { model }),
    ],
    ['ModelLatencyBurn', 'ModelLatencyBurnSlow'],
  ],
  ['a dead consumer explains the stale view', [page('StreamConsumerDown', { view }), ...TICKETS], ['ViewStale']],
  ['a full disk explains that it fills', [page('HostDiskFull', host), ...TICKETS], ['HostDiskFills']],
  ['a full disk explains no other disk', [page('HostDiskFull', { ...host, mountpoint: '/data' }), ...TICKETS], []],
  [
    'a DAG that is not loaded explains the late pipeline',
    [ticket('PipelineNotLoaded', { pipeline: 'flights' }), ...TICKETS],
    ['PipelineLate'],
  ],
];

for (const [name, fires, silenced] of CASES) test(name, async () => assert.equal(await silencedAmong(fires), silenced));

test('each alert goes to its owner, and one of nobody that is known to everybody', () => {
  const receiver = (...labels: string[]): string =>
    spawnSync(programPath('amtool'), ['config', 'routes', 'test', `--config.file=${CONFIGURATION}`, ...labels], {
      encoding: 'utf8',
    }).stdout.trim();
  assert.is(receiver('owner=ops-analytics', 'severity=page', 'alertname=HostDiskFull'), 'owner-ops-analytics');
  assert.is(receiver('owner=ops-analytics', 'severity=ticket', 'alertname=PipelineFailed'), 'owner-ops-analytics');
  assert.is(receiver('owner=somebody', 'severity=page'), 'everybody');
  console.log(`figure: ${CASES.length} situations, what Alertmanager silences in each is what the page explains`);
});

test.run();

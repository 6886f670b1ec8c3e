import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { DEPLOYER, logInOf } from '../../clients/account.ts';
import { Airflow, type Dag, type ImportError } from '../../clients/airflow.ts';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { type Change, describe, differences } from '../../diff/compare.ts';
import type { PlainObject, State } from '../../diff/state.ts';
import { count, eventually, type Live, type LiveSide } from '../live.ts';

/** Airflow reads the DAGs from `generated/` itself: they are awaited, as compiled, without errors, and switched on. */
export const live: LiveSide = {
  name: 'airflow',
  stage: 'pipelines',
  after: ['mlflow', 'feast'],
  patience: 10,
  wayBack: '`mlops deploy` has DAGs read again; one that somebody paused is switched on in Airflow.',
  leaves: ({ kind, fields }) => kind === 'update' && fields.every(({ path }) => path === 'paused'),
  isIn: (live) => files(live).length > 0 && live.address(PROCESS) !== null,
  desired: async (live) => desired(live),
  observe,
  async apply(live, changes) {
    await awaitReading(live, changes);
    const { byHand, made } = await pausedAmong(live, changes);
    for (const dag of made) await airflowOf(live).setPaused(dag, false);
    const done = { read: changes.filter(isNews), forgotten: changes.filter(isGone), 'switched on': made };
    const said = Object.entries(done).filter(([, { length }]) => length > 0);
    return {
      done: said.map(([what, { length }]) => `${length} ${what}`).join(', ') || 'nothing changed',
      left: Object.fromEntries(byHand.map((dag) => [PREFIX + dag, 'somebody paused it; switch it on in Airflow'])),
    };
  },
  releasesInUse: (live) => airflowOf(live).versionsInUse(),
  async check(_live, observed) {
    const paused = [...observed.values()].filter((dag) => dag['paused'] === true).length;
    return `${count(observed.size, 'DAG')} imported${paused === 0 ? ' and on' : `, ${paused} of them paused by hand`}`;
  },
};

const PROCESS = 'airflow-api-server';
const FOLDER = 'common/airflow/dags';
/** Airflow looks for new files every 10 seconds, and parses one after the other; a release has it parse them all. */
const parseSeconds = (dags: number): number => 120 + 2 * dags;
const PREFIX = 'airflow/dag/';
/** Milliseconds that may pass before the end of a parse is recorded, by which its beginning seems to be later. */
const RECORDING = 3000;

const airflowOf = (live: Live): Airflow =>
  new Airflow(live.address(PROCESS) ?? '', logInOf('airflow', DEPLOYER, live.secret));

const files = (live: Live): string[] => live.list(FOLDER).filter((path) => path.endsWith('.py'));

/** `flights` of `…/dags/flights.py`: a generated file holds one DAG, of its own name. */
const dagOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1, -'.py'.length);

const desired = (live: Live): State =>
  new Map(files(live).map((path) => [PREFIX + dagOf(path), stateOfDag(live, live.read(path), live.release)]));

/**
 * Every DAG whose file Airflow still finds, and every file that it cannot import. Release and source that it tells of
 * are those of the moment at which a parse ended: they are also what was parsed where that began after the file was
 * written, or after Airflow had turned to the release.
 */
async function observe(live: Live): Promise<State> {
  const airflow = airflowOf(live);
  const [dags, errors] = await Promise.all([airflow.dags(), airflow.importErrors()]);
  const state = new Map<string, PlainObject>();
  for (const dag of dags) {
    const { bundle_version: release } = dag;
    const isRead =
      live.release === null
        ? parseBegan(dag) > writtenAt(live, dag.dag_id)
        : release === live.release && parseBegan(dag) > turnedAt(live) + RECORDING;
    const source = isRead ? await airflow.source(dag.dag_id) : null;
    state.set(PREFIX + dag.dag_id, stateOfDag(live, source, release, dag.is_paused));
  }
  for (const error of errors.filter((each) => isCurrent(live, each))) {
    const address = PREFIX + dagOf(error.filename);
    state.set(address, { ...state.get(address), import_error: lastLine(error.stack_trace) });
  }
  return state;
}

/** New runs of a DAG begin on the release that it was read from. */
function stateOfDag(live: Live, source: string | null, release: string | null, isPaused = false): PlainObject {
  const digest = source === null ? null : createHash('sha256').update(source).digest('hex');
  return { paused: isPaused, source: digest, ...(live.release === null ? {} : { release }) };
}

const parseBegan = ({ last_parsed_time: end, last_parse_duration: seconds }: Dag): number =>
  end === null ? 0 : Date.parse(end) - (seconds ?? 0) * 1000;

/** When Airflow turned to the release that is deployed (the runtime's environment/bundle.py); never, so far. */
function turnedAt(live: Live): number {
  const link = live.link('airflow/current');
  return link !== null && basename(link.target) === live.release ? link.since.getTime() : Number.POSITIVE_INFINITY;
}

/** Of a file that is gone, whatever was told is the last word. */
const writtenAt = (live: Live, dag: string): number => live.writtenAt(`${FOLDER}/${dag}.py`)?.getTime() ?? 0;

const isCurrent = (live: Live, { filename, timestamp }: ImportError): boolean =>
  Date.parse(timestamp) > writtenAt(live, dagOf(filename));

/** Waits until Airflow has read what was compiled, and has forgotten what is gone. */
async function awaitReading(live: Live, changes: readonly Change[]): Promise<void> {
  await reparse(live, changes.filter(isNews));
  const failed = new Map<string, ImportError>();
  const again = new Set<string>();
  const problem = await eventually(parseSeconds(changes.length), async () => {
    await refuseBroken(live, changes, failed);
    const left = differences(desired(live), await observe(live)).filter(isUnread);
    if (live.release !== null && Date.now() > turnedAt(live) + RECORDING)
      await reparse(live, left.filter(isNewTo(again)));
    if (left.length > 0) live.note(`waiting for ${left.map(({ address }) => address.slice(PREFIX.length)).join(', ')}`);
    return left.length === 0 ? null : left.map(describe).join('; ');
  });
  const log = `.mlops/${live.environment}/logs/airflow-dag-processor.log`;
  if (problem !== null)
    throw new OperationError(`Airflow has not read what was compiled: ${problem}. ${log} may say why.`, 1);
}

/** At once, rather than when their turn comes; a file that Airflow has never seen it finds by itself. */
async function reparse(live: Live, changes: readonly Change[]): Promise<void> {
  const addresses = new Set(changes.map(addressOf));
  const airflow = airflowOf(live);
  for (const dag of await airflow.dags({ stale: true }))
    if (addresses.has(PREFIX + dag.dag_id)) await airflow.reparse(dag);
}

/**
 * A file that fails twice in a row is as it was compiled: waiting longer does not mend it. The first failure may be of
 * what lay there before, whose parse had begun.
 */
async function refuseBroken(live: Live, changes: readonly Change[], failed: Map<string, ImportError>): Promise<void> {
  const errors = await airflowOf(live).importErrors();
  for (const change of changes) {
    const error = errors.find((each) => PREFIX + dagOf(each.filename) === change.address && isCurrent(live, each));
    const before = failed.get(change.address);
    if (error && before && before.timestamp !== error.timestamp)
      throw new OperationError(`Airflow cannot import ${error.filename}: ${lastLine(error.stack_trace)}`, 1);
    if (error === undefined || before) continue;
    failed.set(change.address, error);
    await reparse(live, [change]);
  }
}

const isGone = ({ kind }: Change): boolean => kind === 'delete';
/** A switch is thrown by us; the rest is for Airflow to read. */
const isNews = ({ kind, fields }: Change): boolean =>
  kind === 'create' || (kind === 'update' && fields.some(({ path }) => path !== 'paused'));
const isUnread = (change: Change): boolean => isNews(change) || isGone(change);

/** A DAG is paused when Airflow makes it, which a deploy ends; whoever paused it later had a reason. */
async function pausedAmong(live: Live, changes: readonly Change[]): Promise<{ byHand: string[]; made: string[] }> {
  const ours = new Set(changes.map(addressOf));
  const airflow = airflowOf(live);
  const paused = (await airflow.dags()).filter(({ dag_id, is_paused }) => is_paused && ours.has(PREFIX + dag_id));
  const found: { byHand: string[]; made: string[] } = { byHand: [], made: [] };
  for (const { dag_id } of paused) found[(await airflow.wasSwitched(dag_id)) ? 'byHand' : 'made'].push(dag_id);
  return found;
}

/** True once for each address. */
const isNewTo =
  (seen: Set<string>) =>
  ({ address }: Change): boolean =>
    !seen.has(address) && seen.add(address).size > 0;

const addressOf = ({ address }: Change): string => address;

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

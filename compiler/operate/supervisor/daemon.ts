/**
 * The supervisor, as a process of its own that outlives `mlops up`: `node daemon.ts ROOT ENVIRONMENT [OWNER STARTED]`.
 * It only starts and restarts; ending everything is stop.ts's work, which does not need it alive.
 */

import { chmodSync, statSync } from 'node:fs';
import { readIfThere } from '../machine/files.ts';
import { isAlive, ownId } from '../machine/process-table.ts';
import { atCurrent } from '../releases.ts';
import { openWorkspace } from '../workspace.ts';
import { survivors } from './adopt.ts';
import { digestsOf, secretsOfUser, takeOverSecrets } from './given-secrets.ts';
import { readPlan } from './process-plan.ts';
import { type SupervisorRecord, supervisorRecord, type UnitRecord, writeRecord } from './run-state.ts';
import { madeSecrets, secretsInFiles } from './secret-places.ts';
import { stopPlatform } from './stop.ts';
import { defaultPolicy, type Supervision, supervise } from './supervise.ts';
import { planDigest, resolveUnits } from './units.ts';

const [root = '', environment = '', owner, started = ''] = process.argv.slice(2);
const home = openWorkspace(root, environment);
/** What is current now, and at each reload. */
let workspace = atCurrent(home);
let digest = planDigest(workspace);
const self = ownId();

// Its output goes into a log file; a full disk must not end it, and has nobody else to tell.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

let supervision: Supervision | null = null;
let latest: UnitRecord[] = [];
/** What the record holds, as text. */
let written: string | null = null;
let complaint = '';
let given = secretsOfUser(workspace);
/** As they were when this started, or was told to look again: `mlops deploy` says which differ from these. */
let inFiles = secretsInFiles(workspace);
let made: Record<string, string> = {};
let refused: SupervisorRecord['refused'] = null;

// `mlops deploy` compiled something else: only what differs is ended and started.
process.on('SIGHUP', () => {
  workspace = atCurrent(home);
  const wanted = planDigest(workspace);
  refused = null;
  void takeOver(wanted).catch((error: unknown) => {
    // What runs goes on; whoever waits for the new plan hears why.
    console.error('The new plan cannot be used:', error);
    refused = { digest: wanted, reason: error instanceof Error ? error.message : String(error) };
    record(latest);
  });
});

async function takeOver(wanted: string): Promise<void> {
  given = { ...given, ...takeOverSecrets(workspace) };
  await supervision?.reload(resolveUnits(workspace, readPlan(workspace), given));
  inFiles = secretsInFiles(workspace);
  made = madeSecrets(workspace);
  digest = wanted; // whoever waits for it must not meet the units of before
  record(latest);
}

const setting = (variable: string, usual: number) => Number(process.env[variable] ?? usual);
const plan = readPlan(workspace);
// Predictions, tables, databases: no other user reads them. Some servers run as users of their own, who go through it.
if (Object.keys(plan.programs).length === 0 && statSync(workspace.state).uid === process.getuid?.())
  chmodSync(workspace.state, 0o700);
const units = resolveUnits(workspace, plan, given);
made = madeSecrets(workspace); // there by now
supervision = supervise(
  units,
  survivors(workspace, units), // whoever started this has ended what is not to go on
  {
    ...defaultPolicy,
    backoffMilliseconds: setting('MLOPS_RESTART_BACKOFF_MS', defaultPolicy.backoffMilliseconds),
    rollingMilliseconds: setting('MLOPS_ROLLING_MS', defaultPolicy.rollingMilliseconds),
    askedMilliseconds: setting('MLOPS_HEALTH_INTERVAL_MS', defaultPolicy.askedMilliseconds),
  },
  record,
);

// Also keeps it alive when there is nothing left to restart: that it runs means that the platform is up.
const watch = setInterval(() => {
  // Where its record was damaged, replaced or deleted, nobody else knows what runs.
  if (written === null || recorded() !== written) record(latest);
  if (owner === undefined || isAlive({ pid: Number(owner), started })) return;
  clearInterval(watch);
  void stopPlatform(workspace).then(() => process.exit(0));
}, 500);

/** On a full disk it goes on supervising, with a record that is behind. */
function record(units: UnitRecord[]): void {
  latest = units;
  try {
    const secrets = digestsOf(workspace, { ...inFiles, ...given });
    writeRecord(workspace, { supervisor: self, digest, secrets, made: digestsOf(workspace, made), units, refused });
    written = recorded();
    complaint = '';
  } catch (error) {
    written = null; // tried again at the next look, and said once
    const { message } = error as Error;
    if (message !== complaint) console.error(`The record of what runs cannot be written: ${message}`);
    complaint = message;
  }
}

function recorded(): string | null {
  try {
    return readIfThere(supervisorRecord(workspace).path);
  } catch {
    return null; // a folder, or nothing that can be read
  }
}

/** The online API of one model: waiting for a version, and asking for predictions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../../compiler/clients/http.ts';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { addressOf } from '../../compiler/operate/supervisor/process-plan.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';

const API = 'The online API';
const RELOAD_TIMEOUT = 90_000;

export type Instance = Record<string, unknown>;

export interface Predictions {
  model_version: string;
  request_id: string;
  predictions: number[];
}

/** Null for a model without an online side. */
export function apiOf(workspace: Workspace, model: string): string | null {
  const address = addressOf(workspace, `serving-${model}`);
  return address && `${address}/v1/models/${model}`;
}

/** The API looks the champion up every few seconds; waits until it has taken up `version`. */
export async function awaitVersion(api: string, version: string, note: (text: string) => void): Promise<void> {
  let problem: string | null = null;
  for (const end = Date.now() + RELOAD_TIMEOUT; Date.now() < end; await sleep(300)) {
    const served = await ask<{ model_version: string | null; problem: string | null }>(API, api, { timeout: 30 });
    if (served.model_version === version) return;
    problem = served.problem;
    const now = served.model_version ? `version ${served.model_version}` : 'nothing yet';
    note(`serves ${now}; waiting for version ${version}`);
  }
  throw new OperationError(
    `${api} did not take up version ${version} within ${RELOAD_TIMEOUT / 1000} ` +
      `seconds${problem ? `: ${problem}` : ''}.`,
    1,
  );
}

export async function predict(api: string, instances: Instance[]): Promise<Predictions> {
  return ask(API, `${api}:predict`, { method: 'POST', body: { instances }, timeout: 30 });
}

/** Names of what a caller has to give for one prediction. */
export function requestFields(workspace: Workspace, model: string): string[] {
  const contract = join(workspace.root, 'generated', 'common', 'serving', `${model}.json`);
  const { entities, request } = JSON.parse(readFileSync(contract, 'utf8')) as {
    entities: { join_key: string }[];
    request: { name: string }[];
  };
  return [...entities.map(({ join_key }) => join_key), ...request.map(({ name }) => name)];
}

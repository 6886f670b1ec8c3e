/** `<state>/champions.json`: the versions that served when an environment was deployed last, with their inputs. */

import { join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { type Champions, needs, outdated, way } from '../diff/champions.ts';
import { parseGeneratedJson } from '../operate/machine/generated-json.ts';
import { isObject, type RecordFile, readRecordFile, writeRecordFile } from '../operate/machine/record-file.ts';
import type { Workspace } from '../operate/workspace.ts';
import type { Live } from '../tools/live.ts';

export type { Champions };

export const championRecord = ({ state }: Pick<Workspace, 'state'>): RecordFile<{ champions: Champions }> => ({
  path: join(state, 'champions.json'),
  isRecord: (value): value is { champions: Champions } =>
    isObject(value) &&
    isObject(value['champions']) &&
    Object.values(value['champions']).every(
      (each) =>
        isObject(each) &&
        typeof each['version'] === 'string' &&
        Array.isArray(each['inputs']) &&
        each['inputs'].every((input) => typeof input === 'string'),
    ),
});

export const recordedChampions = (workspace: Pick<Workspace, 'state'>): Champions | null =>
  readRecordFile(championRecord(workspace))?.champions ?? null;

export const recordChampions = (workspace: Pick<Workspace, 'state'>, champions: Champions): void =>
  writeRecordFile(championRecord(workspace), { champions });

/** Asked of the registry; null where the environment has none. */
export async function liveChampions(live: Live): Promise<Champions | null> {
  if (live.list('common/mlflow').length === 0 || live.address('mlflow') === null) return null;
  const { champions } = await live.callRuntime(['champions']);
  return champions as Champions;
}

/** Fails where a champion needs what the compiled output no longer gives it. */
export function requireServable(live: Live, champions: Champions): void {
  const models = live.list('common/runtime/models').flatMap((path) => {
    const { model, inputs, batch } = parseGeneratedJson(`generated/${path}`, live.read(path)) as Compiled;
    const isServed = batch !== null || live.read(`common/serving/${model}.json`) !== null;
    return isServed ? [{ name: model, inputs }] : [];
  });
  const [first, ...others] = outdated(models, champions);
  if (!first) return;
  const more = others.map((each) => `\n  ${needs(each, live.environment)}`).join('');
  throw new OperationError(
    `${needs(first, live.environment)}${more}\n  Nothing was deployed: it would answer nothing from then on. First ` +
      `${way(first.model)}.`,
    1,
  );
}

interface Compiled {
  model: string;
  inputs: { name: string }[];
  batch: object | null;
}

/** `<state>/champions.json`: the versions that served when an environment was deployed last, with their inputs. */

import { join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { type Champions, needs, type Outdated, outdated, way } from '../diff/champions.ts';
import { parseGeneratedJson } from '../operate/machine/generated-json.ts';
import {
  isDamaged,
  isObject,
  type RecordFile,
  readRecordFile,
  writeRecordFile,
} from '../operate/machine/record-file.ts';
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

/** Of a platform whose registry cannot be asked. */
export function lastChampions(workspace: Workspace): Champions | null {
  const file = championRecord(workspace);
  if (isDamaged(file))
    throw new OperationError(
      `${file.path} is damaged, so it is not known what the models that serve need, and nothing was deployed. ` +
        `\`mlops up --env ${workspace.environment}\` watches again over what runs; the registry can be asked then.`,
    );
  return recordedChampions(workspace);
}

export const recordChampions = (workspace: Pick<Workspace, 'state'>, champions: Champions): void =>
  writeRecordFile(championRecord(workspace), { champions });

/** Of models that served at the last deploy, and that no spec has any more: nothing of the registry is deleted. */
export function leftInRegistry(live: Live, before: Champions): string[] {
  const compiled = new Set(live.list('common/mlflow'));
  return Object.entries(before)
    .filter(([model]) => !compiled.has(`common/mlflow/${model}.json`))
    .map(
      ([model, { version }]) =>
        `${model} is no longer in the specs. Its registered model (champion: version ${version}) and its runs stay ` +
        'in MLflow, and serve nobody: --drop-data model:… and experiment:… drop them, once nobody needs them.',
    );
}

/** Asked of the registry; null where the environment has none. */
export async function liveChampions(live: Live): Promise<Champions | null> {
  if (live.list('common/mlflow').length === 0 || live.address('mlflow') === null) return null;
  const { champions } = await live.callRuntime(['champions']);
  return champions as Champions;
}

/** The champions that need what the compiled output no longer gives them. */
export function strandedBy(live: Live, champions: Champions): Outdated[] {
  const models = live.list('common/runtime/models').flatMap((path) => {
    const { model, inputs, batch } = parseGeneratedJson(`generated/${path}`, live.read(path)) as Compiled;
    const isServed = batch !== null || live.read(`common/serving/${model}.json`) !== null;
    return isServed ? [{ name: model, inputs }] : [];
  });
  return outdated(models, champions);
}

/** Fails where there is such a champion, but where it is known of it, and its API stays as it is: returns those. */
export function requireServable(live: Live, champions: Champions, staying: ReadonlySet<string>): Outdated[] {
  const stranded = strandedBy(live, champions);
  const [first, ...others] = stranded.filter(({ model }) => !staying.has(model));
  if (!first) return stranded;
  const more = others.map((each) => `\n  ${needs(each, live.environment)}`).join('');
  throw new OperationError(
    `${needs(first, live.environment)}${more}\n  Nothing was deployed: it would answer nothing from then on. ` +
      `${way([first, ...others].map(({ model }) => model).join(), live.environment)}`,
    1,
  );
}

interface Compiled {
  model: string;
  inputs: { name: string }[];
  batch: object | null;
}

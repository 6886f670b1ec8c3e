/** A golden request to each API: whether its champion answers it, and as the version that the registry names. */
import { ask, HttpError } from '../clients/http.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { parseGeneratedJson } from '../operate/machine/generated-json.ts';
import { count, eventually, type Live } from '../tools/live.ts';
import type { Champions } from './champions.ts';

/** Seconds until an API that was started again has loaded its champion, or follows an alias that moved. */
const PATIENCE = 120;
/** Seconds beside the API's own timeout, for what is around a prediction. */
const AROUND = 3;

interface Asked {
  model: string;
  address: string;
  version: string;
}

/** Fails where one does not answer as it must. Says in a few words what answered, and who has no champion yet. */
export async function askGolden(live: Live, champions: Champions, patience = PATIENCE): Promise<string> {
  const apis = championApis(live);
  const asked = apis.flatMap(({ model, addresses }): Asked[] => {
    const version = champions[model]?.version;
    return version === undefined ? [] : addresses.map((address) => ({ model, address, version }));
  });
  const said: string[] = [];
  let answered = 0;
  for (const each of asked) {
    live.note(`${each.model} at ${each.address}`);
    const without = await withoutGolden(live, each, patience);
    if (without === null) answered += 1;
    else said.push(without);
  }
  const waiting = apis.filter(({ model }) => !(model in champions)).map(({ model }) => model);
  return [
    ...(answered > 0 ? [`${count(answered, 'API')} answered as champion`] : []),
    ...said,
    ...waiting.map((model) => `${model} has no champion yet, so nothing was asked of its API`),
  ].join('; ');
}

export const hasApis = (live: Live): boolean => championApis(live).length > 0;

/** Null where it answered as it must, a sentence where it cannot be asked; what is wrong is thrown. */
async function withoutGolden(live: Live, asked: Asked, patience: number): Promise<string | null> {
  let found: Found = { problem: null, passes: false, cannotBeAsked: null };
  await eventually(patience, async () => {
    found = await answerOf(live, asked);
    return found.passes ? found.problem : null;
  });
  const { problem, cannotBeAsked } = found;
  if (problem === null) return cannotBeAsked;
  throw new OperationError(
    `The API of ${asked.model} does not answer a golden request: ${problem} ` +
      `\`mlops logs serving-${asked.model} --env ${live.environment}\` says more.`,
    1,
  );
}

interface Found {
  problem: string | null;
  /** Whether the problem may be over soon, as while the champion is loaded. */
  passes: boolean;
  cannotBeAsked: string | null;
}

async function answerOf(live: Live, { model, address, version }: Asked): Promise<Found> {
  const timeout = timeoutOf(live, model) + AROUND;
  try {
    const answer = await ask<unknown>(`The API of ${model}`, `${address}${pathOf(model)}`, { method: 'POST', timeout });
    const strange = strangeIn(answer as Answer | null);
    if (strange !== null) return { problem: strange, passes: false, cannotBeAsked: null };
    const { model_version: answered, predictions } = answer as Answer;
    const other = `version ${answered} answered, and the registry's champion is version ${version}.`;
    if (answered !== version) return { problem: other, passes: true, cannotBeAsked: null };
    const without = `version ${version} of ${model} has no input example, so nothing was predicted`;
    return { problem: null, passes: false, cannotBeAsked: predictions.length === 0 ? without : null };
  } catch (problem) {
    if (!(problem instanceof OperationError)) throw problem;
    const status = problem instanceof HttpError ? problem.status : null;
    const older = `the API of ${model} is of a release that knows no golden request`;
    if (status === 404 && (await isOlder(model, address)))
      return { problem: null, passes: false, cannotBeAsked: older };
    return { problem: problem.message, passes: status === null || status > 500, cannotBeAsked: null };
  }
}

interface Answer {
  model_version: string;
  predictions: number[];
}

function strangeIn(answer: Answer | null): string | null {
  const predictions: unknown = answer?.predictions;
  if (!Array.isArray(predictions)) return `it answered without predictions: ${JSON.stringify(answer)}.`;
  const strange = predictions.find((each) => typeof each !== 'number' || !Number.isFinite(each));
  return strange === undefined ? null : `it predicted ${JSON.stringify(strange)}, which is no finite number.`;
}

/** By what it says of itself: an API that was kept on an earlier release, or one that a rollback goes back to. */
async function isOlder(model: string, address: string): Promise<boolean> {
  try {
    const { paths } = await ask<{ paths: object }>(`The API of ${model}`, `${address}/openapi.json`);
    return `/v1/models/${model}:predict` in paths && !(pathOf(model) in paths);
  } catch {
    return false;
  }
}

const pathOf = (model: string): string => `/v1/models/${model}:golden`;

interface Api {
  model: string;
  alias: string;
  addresses: string[];
}

/** Without those of versions on trial, which may have withdrawn. None in a release of an older compiler. */
function championApis(live: Live): Api[] {
  const services = generated<{ apis: Api[] }>(live, 'runtime/services.json');
  const aliases = generated<{ aliases?: Record<string, string> }>(live, 'runtime/environment.json')?.aliases ?? {};
  return (services?.apis ?? []).filter(({ model, alias }) => alias === (aliases[model] ?? 'champion'));
}

const timeoutOf = (live: Live, model: string): number =>
  generated<{ timeout_seconds: number }>(live, `serving/${model}.json`)?.timeout_seconds ?? 0;

function generated<T>(live: Live, file: string): T | null {
  const path = `${live.environment}/${file}`;
  const text = live.read(path);
  return text === null ? null : (parseGeneratedJson(`generated/${path}`, text) as T);
}

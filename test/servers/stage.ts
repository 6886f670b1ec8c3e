/**
 * What the chapters of `npm run test:servers` share: one staging environment, up and running, and a place to count what
 * holds.
 */
import { basicHeaders, logInOf } from '../../compiler/clients/account.ts';

export interface Stage {
  /** The clone whose `generated/staging` is deployed. */
  root: string;
  environment: 'staging';
  /** Its state folder, absolute. */
  state: string;
  /** `http://127.0.0.1:PORT` of a planned process; throws where there is none of that name. */
  address(process: string): string;
  /** Port of a part of the platform, by its name in `ports:`. */
  port(part: string): number;
  /** `python -m mlops_runtime …` in the platform's environment; its evidence. */
  callRuntime(...command: string[]): Promise<Record<string, unknown>>;
  /** Standard output of a Python script, in the platform's environment. */
  python(file: string, ...args: string[]): Promise<string>;
  /** `mlops …` in the clone; its output. Throws where it fails. */
  mlops(...command: string[]): Promise<string>;
  /** kill -9 of a supervised process; resolves when it is gone. The supervisor starts it again. */
  kill(process: string): Promise<void>;
  /** A value that the environment keeps, by the name of its `${secret:NAME}`. */
  secret(name: string): string;
  /** Evidence of an interaction that a chapter is about (9 to 14), for the table at the end. */
  prove(interaction: number, evidence: string): void;
  /** A figure worth reading. */
  note(text: string): void;
  /** Runs `work`; counts it as passed, or as failed with its message. Never throws. */
  check(title: string, work: () => Promise<unknown>): Promise<void>;
}

export interface Chapter {
  title: string;
  run(stage: Stage): Promise<void>;
}

/** Asks until `attempt` does not throw; after `seconds` its last error goes on. */
export async function eventually<T>(seconds: number, attempt: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ; await new Promise((resolve) => setTimeout(resolve, 500))) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** What a person of the platform's sends Airflow with each request. */
export async function airflowHeaders(stage: Stage): Promise<{ authorization: string }> {
  const body = JSON.stringify({ username: 'admin', password: stage.secret('airflow-admin') });
  const headers = { 'content-type': 'application/json' };
  const address = `${stage.address('airflow-api-server')}/auth/token`;
  const { access_token: token } = await getJson<{ access_token: string }>(address, { method: 'POST', headers, body });
  return { authorization: `Bearer ${token}` };
}

/** An answer of MLflow's REST API, below `/api/2.0/mlflow/`, to a person of the platform's. */
export const askMlflow = <T>(stage: Stage, path: string, init: RequestInit = {}): Promise<T> =>
  getJson<T>(`${stage.address('mlflow')}/api/2.0/mlflow/${path}`, {
    ...init,
    headers: { ...init.headers, ...basicHeaders(logInOf('mlflow', 'admin', (name) => stage.secret(name))) },
  });

/** The answer of a JSON API; throws on anything but a success. */
export async function getJson<T>(address: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(address, { ...init, signal: AbortSignal.timeout(15_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} from ${address}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}

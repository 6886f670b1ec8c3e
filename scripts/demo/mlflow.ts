/** The little of MLflow's REST API that the evidence needs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { basicHeaders, DEPLOYER, logInOf } from '../../compiler/clients/account.ts';
import { ask, HttpError } from '../../compiler/clients/http.ts';
import { generatedSecret } from '../../compiler/operate/secrets.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';

export interface MlflowRun {
  id: string;
  params: Record<string, string>;
  metrics: Record<string, number>;
  tags: Record<string, string>;
}

export interface Version {
  version: string;
  run: string;
}

interface Entry<T> {
  key: string;
  value: T;
}

interface RunAnswer {
  run: {
    info: { run_id: string };
    data: { params?: Entry<string>[]; metrics?: Entry<number>[]; tags?: Entry<string>[] };
  };
}

export class Mlflow {
  readonly url: string;
  readonly #headers: Record<string, string>;

  constructor(workspace: Workspace) {
    const file = join(workspace.root, 'generated', workspace.environment, 'runtime', 'environment.json');
    this.url = (JSON.parse(readFileSync(file, 'utf8')) as { mlflow: { tracking_uri: string } }).mlflow.tracking_uri;
    this.#headers = basicHeaders(logInOf('mlflow', DEPLOYER, (name) => generatedSecret(workspace.state, name)));
  }

  async run(id: string): Promise<MlflowRun> {
    const { run } = (await this.#get(`runs/get?run_id=${id}`)) as RunAnswer;
    const { params, metrics, tags } = run.data;
    return { id: run.info.run_id, params: toRecord(params), metrics: toRecord(metrics), tags: toRecord(tags) };
  }

  /** The registered version that carries the alias, or null where none does. */
  async aliased(model: string, alias: string): Promise<Version | null> {
    const answer = await this.#get(
      `registered-models/alias?name=${encodeURIComponent(model)}&alias=${encodeURIComponent(alias)}`,
    );
    const found = (answer as { model_version?: { version: string; run_id: string } } | null)?.model_version;
    return found ? { version: found.version, run: found.run_id } : null;
  }

  /** Null where MLflow says that there is no such thing. */
  async #get(path: string): Promise<unknown> {
    try {
      return await ask('MLflow', `${this.url}/api/2.0/mlflow/${path}`, { timeout: 30, headers: this.#headers });
    } catch (error) {
      if (error instanceof HttpError && /RESOURCE_DOES_NOT_EXIST|INVALID_PARAMETER_VALUE/.test(error.message))
        return null;
      throw error;
    }
  }
}

const toRecord = <T>(entries: Entry<T>[] = []): Record<string, T> =>
  Object.fromEntries(entries.map(({ key, value }) => [key, value]));

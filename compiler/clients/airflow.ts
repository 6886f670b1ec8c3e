/**
 * The part of Airflow 3's REST API that we need; see
 * https://airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError } from '../operate/operation-error.ts';

export interface DagRun {
  dag_id: string;
  dag_run_id: string;
  run_type: string;
  state: 'queued' | 'running' | 'success' | 'failed';
  queued_at: string | null;
}

export interface TaskInstance {
  task_id: string;
  state: string | null;
  try_number: number;
  max_tries: number;
  start_date: string | null;
}

export interface Dag {
  dag_id: string;
  is_paused: boolean;
  last_parsed_time: string | null;
  timetable_summary: string | null;
  next_dagrun_logical_date: string | null;
  next_dagrun_data_interval_start: string | null;
  next_dagrun_data_interval_end: string | null;
  next_dagrun_run_after: string | null;
}

export interface AssetEvent {
  name: string;
  source_dag_id: string | null;
  source_run_id: string | null;
}

export interface LogEvent {
  event: string;
  level?: string;
  logger?: string;
}

export class Airflow {
  readonly url: string;
  #token: Promise<string> | null = null;

  constructor(url: string) {
    this.url = url;
  }

  async dags(): Promise<Dag[]> {
    return (await this.#get<{ dags: Dag[] }>('dags?limit=1000&exclude_stale=true')).dags;
  }

  async importErrors(): Promise<{ filename: string; stack_trace: string }[]> {
    return (await this.#get<{ import_errors: { filename: string; stack_trace: string }[] }>('importErrors?limit=100'))
      .import_errors;
  }

  async setPaused(dag: string, isPaused: boolean): Promise<void> {
    await this.#send('PATCH', `dags/${encodeURIComponent(dag)}?update_mask=is_paused`, { is_paused: isPaused });
  }

  /** A run outside the schedule. */
  trigger(dag: string): Promise<DagRun> {
    return this.#send('POST', `${runsOf(dag)}`, { logical_date: null });
  }

  /**
   * The run that the schedule has due by now, made here and now: the scheduler then does not make it again. Null where
   * it was made before.
   */
  async triggerDue(dag: Dag): Promise<DagRun | null> {
    const response = await this.#request('POST', runsOf(dag.dag_id), {
      logical_date: dag.next_dagrun_logical_date,
      data_interval_start: dag.next_dagrun_data_interval_start,
      data_interval_end: dag.next_dagrun_data_interval_end,
      run_after: dag.next_dagrun_run_after,
    });
    return response.status === 409 ? null : ((await this.#json(response)) as DagRun);
  }

  run(dag: string, run: string): Promise<DagRun> {
    return this.#get(runOf(dag, run));
  }

  /** The newest first. */
  async latestRuns(dag: string, limit = 20): Promise<DagRun[]> {
    return (await this.#get<{ dag_runs: DagRun[] }>(`${runsOf(dag)}?order_by=-run_after&limit=${limit}`)).dag_runs;
  }

  async tasks(dag: string, run: string): Promise<TaskInstance[]> {
    return (await this.#get<{ task_instances: TaskInstance[] }>(`${runOf(dag, run)}/taskInstances?limit=200`))
      .task_instances;
  }

  /**
   * The updates of assets that made this run start; none for a run that a clock or a person started, and none yet while
   * another run that they started is queued: Airflow 3.3 answers 500 then (`created_dagruns.start_date` is null).
   */
  async upstreamEvents(dag: string, run: string): Promise<AssetEvent[]> {
    const response = await this.#request('GET', `${runOf(dag, run)}/upstreamAssetEvents`);
    if (response.status === 500) return [];
    return ((await this.#json(response)) as { asset_events: AssetEvent[] }).asset_events;
  }

  /** What the task printed last, which for our steps is one JSON object; null where it left nothing. */
  async result(dag: string, run: string, task: string): Promise<Record<string, unknown> | null> {
    const response = await this.#request(
      'GET',
      `${runOf(dag, run)}/taskInstances/${encodeURIComponent(task)}/xcomEntries/return_value`,
    );
    if (response.status === 404) return null;
    const { value } = (await this.#json(response)) as { value: unknown };
    const parsed: unknown = typeof value === 'string' ? parseOrNull(value) : value;
    return typeof parsed === 'object' ? (parsed as Record<string, unknown> | null) : null;
  }

  async log(dag: string, run: string, task: string, attempt: number): Promise<LogEvent[]> {
    const answer = await this.#get<{ content: LogEvent[] | string }>(
      `${runOf(dag, run)}/taskInstances/${encodeURIComponent(task)}/logs/${attempt}`,
    );
    return Array.isArray(answer.content) ? answer.content : [];
  }

  /** A question may be asked again: on SQLite, an answer fails where it meets a writer. */
  async #get<T>(path: string, attempts = 4): Promise<T> {
    const response = await this.#request('GET', path);
    if (response.status < 500 || attempts === 1) return (await this.#json(response)) as T;
    await sleep(1000);
    return this.#get(path, attempts - 1);
  }

  async #send<T>(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<T> {
    return (await this.#json(await this.#request(method, path, body))) as T;
  }

  async #json(response: Response): Promise<unknown> {
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw new OperationError(
      `Airflow answered ${response.status} to ${new URL(response.url).pathname}: ${text.slice(0, 300)}`,
      1,
    );
  }

  async #request(method: string, path: string, body?: unknown): Promise<Response> {
    this.#token ??= this.#logIn();
    const headers = {
      authorization: `Bearer ${await this.#token}`,
      accept: 'application/json',
      'content-type': 'application/json',
    };
    return this.#fetch(`${this.url}/api/v2/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** The simple auth manager, where all are administrators: on loopback there is no log-in. */
  async #logIn(): Promise<string> {
    const answer = (await this.#json(await this.#fetch(`${this.url}/auth/token`, {}))) as { access_token: string };
    return answer.access_token;
  }

  async #fetch(url: string, request: RequestInit): Promise<Response> {
    try {
      return await fetch(url, { ...request, signal: AbortSignal.timeout(30_000) });
    } catch (error) {
      const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
      throw new OperationError(
        `Airflow does not answer at ${this.url} (${cause?.code ?? (error as Error).message}). Is the platform up? \`mlops status\` tells.`,
      );
    }
  }
}

const runsOf = (dag: string) => `dags/${encodeURIComponent(dag)}/dagRuns`;
const runOf = (dag: string, run: string) => `${runsOf(dag)}/${encodeURIComponent(run)}`;

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

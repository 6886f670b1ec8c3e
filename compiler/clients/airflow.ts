/**
 * The part of Airflow 3's REST API that we need; see
 * https://airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError } from '../diagnostics/operation-error.ts';
import type { LogIn } from './account.ts';
import { AirflowSession } from './airflow-session.ts';
import { HttpError } from './http.ts';

export interface DagRun {
  dag_id: string;
  dag_run_id: string;
  run_type: string;
  state: 'queued' | 'running' | 'success' | 'failed';
  queued_at: string | null;
  /** What it was given to know; of a run that another DAG started, that one's run. */
  conf: Record<string, unknown> | null;
}

export interface TaskInstance {
  task_id: string;
  state: string | null;
  try_number: number;
  max_tries: number;
  start_date: string | null;
  end_date: string | null;
}

export interface Dag {
  dag_id: string;
  is_paused: boolean;
  /** The release that it was read from last; null of a folder without versions. */
  bundle_version: string | null;
  last_parsed_time: string | null;
  /** Seconds. */
  last_parse_duration: number | null;
  timetable_summary: string | null;
  next_dagrun_logical_date: string | null;
  next_dagrun_data_interval_start: string | null;
  next_dagrun_data_interval_end: string | null;
  next_dagrun_run_after: string | null;
  /** Names its file to `reparse`. */
  file_token: string;
}

export interface ImportError {
  filename: string;
  stack_trace: string;
  /** When Airflow last met it. */
  timestamp: string;
}

export interface AssetEvent {
  name: string;
  source_dag_id: string | null;
  source_run_id: string | null;
}

export interface LogEvent {
  event: string;
  /** ISO 8601. */
  timestamp?: string;
  level?: string;
  logger?: string;
}

/**
 * What happens where a question has no answer, or one that says nothing of it (5xx, 401): returns once it may be asked
 * again, and throws the problem, or a better one, where it is over. `failures` are those in a row, from 1.
 */
export type Patience = (problem: OperationError, failures: number) => Promise<void>;

/** On SQLite, an answer fails where it meets a writer. */
const fewTries: Patience = async (problem, failures) => {
  if (!(problem instanceof HttpError) || failures === 4) throw problem;
  await sleep(RETRY_SECONDS * 1000);
};

export class Airflow {
  readonly url: string;
  readonly #session: AirflowSession;
  readonly #patience: Patience;

  /** `timeout` in seconds, until an answer must be there. */
  constructor(url: string, logIn: LogIn, timeout = TIMEOUT, patience = fewTries) {
    this.url = url;
    this.#session = new AirflowSession(url, logIn, timeout);
    this.#patience = patience;
  }

  /** The same server, asked with other patience. */
  with(timeout: number, patience: Patience): Airflow {
    return new Airflow(this.url, this.#session.logIn, timeout, patience);
  }

  /** Without those that Airflow found no longer when it read their file last, unless they are `stale`, too. */
  dags({ stale = false } = {}): Promise<Dag[]> {
    return this.#pages(`dags?exclude_stale=${!stale}&order_by=dag_id`, 'dags');
  }

  /** Bundle versions of runs that are queued or running, retries included. */
  async versionsInUse(): Promise<string[]> {
    const path = 'dags/~/dagRuns?state=queued&state=running&order_by=id';
    const runs = await this.#pages<{ bundle_version: string | null }>(path, 'dag_runs');
    return runs.flatMap(({ bundle_version: version }) => version ?? []);
  }

  /** Seconds after which each task of the DAG is ended, as Airflow has read it; null for one without such a limit. */
  async timeouts(dag: string): Promise<Map<string, number | null>> {
    const path = `dags/${encodeURIComponent(dag)}/tasks`;
    type Task = { task_id: string; execution_timeout: { days: number; seconds: number } | null };
    const { tasks } = await this.#get<{ tasks: Task[] }>(path);
    return new Map(
      tasks.map(({ task_id: id, execution_timeout: limit }) => [id, limit && limit.days * 86_400 + limit.seconds]),
    );
  }

  importErrors(): Promise<ImportError[]> {
    return this.#pages('importErrors?order_by=id', 'import_errors');
  }

  /** The file of the DAG as Airflow has read it last; null where it has not. */
  async source(dag: string): Promise<string | null> {
    const answer = await this.#orNull(404, () =>
      this.#get<{ content: string | null }>(`dagSources/${encodeURIComponent(dag)}`),
    );
    return answer?.content ?? null;
  }

  /** Has the file read again, at once rather than when its turn comes. */
  async reparse({ file_token }: Dag): Promise<void> {
    // A conflict says that this was asked for before, and is still to be done.
    const path = `parseDagFile/${encodeURIComponent(file_token)}`;
    await this.#orNull(409, () => this.#patiently(() => this.#session.ask(path, { method: 'PUT' })));
  }

  /** Whether anybody, we included, has ever paused the DAG or switched it on: a new one is paused by its making. */
  async wasSwitched(dag: string): Promise<boolean> {
    const path = `eventLogs?dag_id=${encodeURIComponent(dag)}&event=patch_dag&limit=1`;
    return (await this.#get<{ total_entries: number }>(path)).total_entries > 0;
  }

  async setPaused(dag: string, isPaused: boolean): Promise<void> {
    const path = `dags/${encodeURIComponent(dag)}?update_mask=is_paused`;
    await this.#patiently(() => this.#session.ask(path, { method: 'PATCH', body: { is_paused: isPaused } }));
  }

  /** A run outside the schedule: one, however often Airflow has to be asked. */
  async trigger(dag: string): Promise<DagRun> {
    const id = `manual__${new Date().toISOString()}_${randomUUID()}`;
    const body = { dag_run_id: id, logical_date: null };
    const made = () => this.#session.ask<DagRun>(runsOf(dag), { method: 'POST', body });
    return (await this.#orNull(409, () => this.#patiently(made))) ?? this.run(dag, id);
  }

  /**
   * The run that the schedule has due by now, made here and now: the scheduler then does not make it again. Null where
   * it was made before.
   */
  triggerDue(dag: Dag): Promise<DagRun | null> {
    const body = {
      logical_date: dag.next_dagrun_logical_date,
      data_interval_start: dag.next_dagrun_data_interval_start,
      data_interval_end: dag.next_dagrun_data_interval_end,
      run_after: dag.next_dagrun_run_after,
    };
    const made = () => this.#session.ask<DagRun>(runsOf(dag.dag_id), { method: 'POST', body });
    return this.#orNull(409, () => this.#patiently(made));
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

  /** Has these tasks of a run that is over, and all that follow them, done again; returns which these are. */
  async clear(dag: string, run: string, tasks: readonly string[]): Promise<TaskInstance[]> {
    const body = {
      dry_run: false,
      dag_run_id: run,
      task_ids: tasks,
      only_failed: false,
      include_downstream: true,
      reset_dag_runs: true,
      prevent_running_task: true,
    };
    const path = `dags/${encodeURIComponent(dag)}/clearTaskInstances`;
    const answer = await this.#session.ask<{ task_instances: TaskInstance[] }>(path, { method: 'POST', body });
    return answer.task_instances;
  }

  /**
   * The updates of assets that made this run start; none for a run that a clock or a person started, and none yet while
   * another run that they started is queued: Airflow 3.3 answers 500 then (`created_dagruns.start_date` is null).
   */
  async upstreamEvents(dag: string, run: string): Promise<AssetEvent[]> {
    const path = `${runOf(dag, run)}/upstreamAssetEvents`;
    const answer = await this.#orNull(500, () => this.#get<{ asset_events: AssetEvent[] }>(path, 500));
    return answer?.asset_events ?? [];
  }

  /** What the task printed last, which for our steps is one JSON object; null where it left nothing. */
  async result(dag: string, run: string, task: string): Promise<Record<string, unknown> | null> {
    const path = `${runOf(dag, run)}/taskInstances/${encodeURIComponent(task)}/xcomEntries/return_value`;
    const answer = await this.#orNull(404, () => this.#get<{ value: unknown }>(path));
    if (answer === null) return null;
    const { value } = answer;
    const parsed: unknown = typeof value === 'string' ? parseOrNull(value) : value;
    return typeof parsed === 'object' ? (parsed as Record<string, unknown> | null) : null;
  }

  async log(dag: string, run: string, task: string, attempt: number): Promise<LogEvent[]> {
    const answer = await this.#get<{ content: LogEvent[] | string }>(
      `${runOf(dag, run)}/taskInstances/${encodeURIComponent(task)}/logs/${attempt}`,
    );
    return Array.isArray(answer.content) ? answer.content : [];
  }

  /** All of a list: a page holds no more than Airflow's own maximum. */
  async #pages<T>(path: string, key: string): Promise<T[]> {
    const found: T[] = [];
    for (;;) {
      const page = await this.#get<{ total_entries: number } & Record<string, T[]>>(
        `${path}&limit=100&offset=${found.length}`,
      );
      const items = page[key] ?? [];
      found.push(...items);
      if (items.length === 0 || found.length >= page.total_entries) return found;
    }
  }

  #get<T extends object>(path: string, expected?: number): Promise<T> {
    const asked = async () => {
      const answer = await this.#session.ask<unknown>(path);
      if (typeof answer === 'object' && answer !== null) return answer as T;
      throw new HttpError(`What answers at ${this.url} is not Airflow: ${String(answer).slice(0, 80)}`, 502);
    };
    return this.#patiently(asked, expected);
  }

  /** Asks again what may be asked twice, unless the answer has the `expected` status. */
  async #patiently<T>(ask: () => Promise<T>, expected?: number): Promise<T> {
    for (let failures = 1; ; failures++)
      try {
        return await ask();
      } catch (error) {
        if (!isTransient(error, expected)) throw error;
        await this.#patience(error, failures);
      }
  }

  async #orNull<T>(status: number, ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof HttpError && error.status === status) return null;
      throw error;
    }
  }
}

const isTransient = (error: unknown, expected?: number): error is OperationError =>
  error instanceof HttpError
    ? error.status !== expected && (error.status >= 500 || error.status === 401)
    : error instanceof OperationError;

/** Seconds: on two cores that are busy with a training, its API takes its time. */
const TIMEOUT = 30;
const RETRY_SECONDS = 1;

const runsOf = (dag: string) => `dags/${encodeURIComponent(dag)}/dagRuns`;
const runOf = (dag: string, run: string) => `${runsOf(dag)}/${encodeURIComponent(run)}`;

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

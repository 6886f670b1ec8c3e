import { eventually, type Live, LiveError, type LiveSide, request } from '../live.ts';

/** Airflow reads the DAGs from `generated/` itself; here they are awaited, without errors, and switched on. */
export const live: LiveSide = {
  name: 'airflow',
  after: ['mlflow', 'feast'],
  isIn: (live) => pipelines(live).length > 0 && live.address('airflow-api-server') !== null,
  async apply(live) {
    const names = pipelines(live);
    await eventually(PARSE_SECONDS, () => unread(live, names));
    const paused = (await dags(live)).filter(({ dag_id, is_paused }) => is_paused && names.includes(dag_id));
    for (const { dag_id } of paused)
      await api(live, `dags/${encodeURIComponent(dag_id)}?update_mask=is_paused`, 'PATCH', { is_paused: false });
    return paused.length === 0 ? '' : `${paused.length} switched on`;
  },
  async check(live) {
    const names = pipelines(live);
    const paused = (await dags(live)).filter(({ dag_id, is_paused }) => is_paused && names.includes(dag_id));
    const problem = (await unread(live, names)) ?? (paused[0] && `The DAG ${paused[0].dag_id} is paused.`);
    if (problem) throw new LiveError(problem);
    return `${names.length} DAGs imported and on`;
  },
};

const PARSE_SECONDS = 120;

interface Dag {
  dag_id: string;
  is_paused: boolean;
}

const pipelines = (live: Live): string[] =>
  live
    .list('common/airflow/dags')
    .filter((path) => path.endsWith('.py'))
    .map((path) => path.slice(path.lastIndexOf('/') + 1, -3));

/** Why not every DAG is there as compiled, or null. */
async function unread(live: Live, names: string[]): Promise<string | null> {
  const { import_errors: errors } = (await api(live, 'importErrors?limit=100')) as {
    import_errors: { filename: string; stack_trace: string }[];
  };
  const broken = errors.find(({ filename }) => names.includes(filename.slice(filename.lastIndexOf('/') + 1, -3)));
  if (broken) return `Airflow cannot import ${broken.filename}: ${broken.stack_trace.trim().split('\n').at(-1)}`;
  const known = new Set((await dags(live)).map(({ dag_id }) => dag_id));
  const missing = names.filter((name) => !known.has(name));
  const log = `.mlops/${live.environment}/logs/airflow-dag-processor.log`;
  return missing.length === 0 ? null : `Airflow has not read ${missing.join(', ')}; ${log} may say why.`;
}

/** All of them: a page holds no more than Airflow's own maximum. */
async function dags(live: Live): Promise<Dag[]> {
  const found: Dag[] = [];
  for (;;) {
    const page = (await api(live, `dags?limit=100&offset=${found.length}&exclude_stale=true`)) as {
      dags: Dag[];
      total_entries: number;
    };
    found.push(...page.dags);
    if (page.dags.length === 0 || found.length >= page.total_entries) return found;
  }
}

async function api(live: Live, path: string, method = 'GET', body?: unknown): Promise<unknown> {
  const address = live.address('airflow-api-server') ?? '';
  const { access_token: token } = (await request('Airflow', `${address}/auth/token`)) as { access_token: string };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return request('Airflow', `${address}/api/v2/${path}`, { method, headers, ...sent }, 30_000);
}

import { secretsOfSteps, secretVariable } from '../../ir/secret-variable.ts';
import type { Environment } from '../../ir/types.ts';
import { json } from '../../render/json.ts';
import { type Address, url } from '../../tools/host.ts';
import { programsIn } from '../../tools/program.ts';
import type { Running, Workload } from '../../tools/workload.ts';
import type { HostType, Installation } from '../host.ts';
import { addresses, facts, open, python, root, runtime, secret, state } from './host.ts';

/** The environment's tools as supervised processes on one machine. */
export const process: HostType = {
  ...facts,
  open: (_, environment) => open(environment),
  addresses,
  emit: (installation) => {
    const { name, origin } = installation.site.environment;
    return [{ path: `${name}/process/processes.json`, content: json(processes(installation)), origin: origin.file }];
  },
};

/** An entry of processes.json; its keys are docs/contracts.md's. */
function processes(installation: Installation) {
  const { running, shared } = installation;
  const { environment } = installation.site;
  const names = new Map(running.map(({ workload }) => [workload.name, nameOf(workload)]));
  const isOnce = ({ workload }: Running) => workload.once === true;
  return {
    environment: environment.name,
    state: `.mlops/${environment.name}`,
    programs: programsOf(installation),
    databases: running.flatMap(({ workload }) => (workload.databases ?? []).map((each) => ({ ...each }))),
    server_data: running.flatMap(({ workload }) => serverData(workload)),
    setup: running.filter(isOnce).map(({ workload }) => step(workload, names)),
    processes: running.filter((each) => !isOnce(each)).map((each) => longRunning(each, installation, names)),
    environment_variables: {
      MLOPS_ROOT: root,
      MLOPS_STATE: state,
      MLOPS_ENV: environment.name,
      MLOPS_PYTHON: python,
      PYTHONPATH: runtime,
      ...secretsIn(shared.secretVariables),
      ...shared.variables,
      // One machine is one person's: what one process may know all may.
      ...Object.assign({}, ...running.map(({ workload }) => workload.shared?.variables)),
    },
    callers: { ...shared.callers },
  };
}

/** What this machine must have, and where it is looked for: so that the supervisor knows no tool. */
function programsOf({ running, programs }: Installation) {
  const asked = programsIn(
    running.flatMap(({ workload }) => [
      ...(workload.program?.command ?? []),
      ...Object.values(workload.variables ?? {}),
      ...(workload.serverData?.dump ?? []),
      ...(workload.serverData?.restore ?? []),
    ]),
  );
  const found = asked.map((name) => {
    const stated = programs.get(name);
    if (!stated) throw new Error(`no tool says what the program '${name}' is`);
    return [name, { title: stated.title, from: stated.from, find: { ...stated.find } }] as const;
  });
  return Object.fromEntries(found);
}

function serverData(workload: Workload) {
  if (workload.serverData === undefined) return [];
  const { folder, dump, restore } = workload.serverData;
  return [{ needs: nameOf(workload), folder, dump: dump ?? null, restore: restore ?? null }];
}

const nameOf = ({ name, program }: Workload): string => program?.name ?? name;

const secretsIn = (variables: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).map(([variable, name]) => [variable, secret(name)]));

type Names = ReadonlyMap<string, string>;

/** What the environment has not is not waited for. */
const step = (workload: Workload, names: Names) => ({
  name: nameOf(workload),
  command: workload.program?.command ?? [],
  env: { ...workload.variables, ...secretsIn(workload.secretVariables) },
  needs: Object.keys(workload.needs ?? {}).flatMap((need) => names.get(need) ?? []),
});

function longRunning({ workload, addresses: [at] }: Running, installation: Installation, names: Names) {
  const { needs, ...rest } = step(workload, names);
  const { health, lock, logIn, port, program, reloads, rolls, canary } = workload;
  const own = health !== undefined && health !== 'accepts' && !('of' in health) ? health : null;
  return {
    ...rest,
    lock: lock ?? null,
    port: at?.port ?? null,
    ...(port && at ? { port_field: fieldOf(port, installation.site.environment) } : {}),
    address: at && own ? url(at) : null,
    health: healthAddress(health, at, installation),
    ...(logIn ? { log_in: { ...logIn } } : {}),
    ...(own?.ready && at ? { ready: `${url(at)}${own.ready}` } : {}),
    needs,
    ...(program?.reads && !reloads ? { reads: program.reads } : {}),
    ...(reloads ? { reloads } : {}),
    ...(rolls ? { rolls } : {}),
    ...(canary ? { canary: { ...canary } } : {}),
    ...(workload.runsSteps ? takes(installation) : {}),
  };
}

/** Values of secrets that the person who starts or deploys it sets; of files, it reads what stands there then. */
function takes({ site: { ir, environment } }: Installation): { takes?: string[] } {
  const secrets = environment.secrets.provider === 'env' ? secretsOfSteps(ir.connections) : [];
  return secrets.length > 0 ? { takes: secrets.map(secretVariable) } : {};
}

/** A URL, with what must hold of the JSON there behind `#`. */
function healthAddress(health: Workload['health'], at: Address | undefined, { running }: Installation): string | null {
  if (typeof health === 'object' && 'of' in health) {
    const other = running.find(({ workload }) => workload.name === health.of)?.addresses[0];
    return other ? `${url(other)}${health.http}#${health.says}` : null;
  }
  if (!at) return null;
  return typeof health === 'object' ? `${url(at)}${health.http}` : `tcp://${at.host}:${at.port}`;
}

const fieldOf = (port: NonNullable<Workload['port']>, { name, origin }: Environment): string => {
  if ('part' in port) return `environments.${name}.ports.${port.part} in ${origin.file}`;
  return 'stated' in port ? port.stated : '';
};

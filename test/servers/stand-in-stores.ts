/**
 * PostgreSQL, Redis and Kafka for the containers: programs of this machine, in the network that the containers share.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { eventually } from './stage.ts';

interface Where {
  /** Of a process in the network. */
  pid: number;
  /** The checkout, whose secrets they are given. */
  root: string;
  /** A folder of theirs. */
  state: string;
  children: ChildProcess[];
}

const tools = process.env['MLOPS_TOOLS'] ?? join(homedir(), '.cache', 'mlops', 'tools');

export async function startStores(where: Where): Promise<void> {
  // PostgreSQL's own user must be able to enter.
  chmodSync(where.state, 0o755);
  await postgres(where);
  redis(where);
  await kafka(where);
  for (const port of [5432, 6379, 9092]) await listening(where.pid, port);
}

const inside = (pid: number, ...command: string[]): string[] => ['-t', String(pid), '-n', ...command];
const secret = ({ root }: Where, name: string): string => readFileSync(join(root, 'secrets', name), 'utf8');

function start(where: Where, ...command: string[]): void {
  where.children.push(spawn('nsenter', inside(where.pid, ...command), { stdio: 'ignore', cwd: '/' }));
}

/** As the image of PostgreSQL makes a cluster. */
const INITDB = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'];

async function postgres(where: Where): Promise<void> {
  const versions = '/usr/lib/postgresql';
  const bin = join(versions, readdirSync(versions).sort().at(-1) ?? '', 'bin');
  const [data, password] = [join(where.state, 'postgres'), join(where.state, 'postgres-password')];
  mkdirSync(data);
  writeFileSync(password, secret(where, 'mlops_postgres_admin'));
  const as = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
  if (as.length > 0) await $`chown postgres: ${data} ${password}`;
  await $({
    quiet: true,
  })`${[...as, join(bin, 'initdb'), ...INITDB]} --pgdata=${data} --pwfile=${password}`;
  start(
    where,
    ...as,
    join(bin, 'postgres'),
    '-D',
    data,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    '-c',
    'max_connections=200',
  );
}

function redis(where: Where): void {
  const folder = join(where.state, 'redis');
  mkdirSync(folder);
  writeFileSync(join(folder, 'redis.conf'), `requirepass "${secret(where, 'mlops_redis')}"\n`, { mode: 0o600 });
  start(where, 'redis-server', join(folder, 'redis.conf'), '--dir', folder, '--bind', '127.0.0.1', '--save', '');
}

/** With the settings of compose.yaml that matter to a client; the image of Kafka is not here. */
async function kafka(where: Where): Promise<void> {
  const folder = join(where.state, 'kafka');
  mkdirSync(folder);
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': '1@127.0.0.1:9094',
    'controller.listener.names': 'CONTROLLER',
    listeners: 'PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9094',
    'advertised.listeners': 'PLAINTEXT://kafka:9092',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'log.dirs': join(folder, 'data'),
  };
  const file = join(folder, 'server.properties');
  writeFileSync(
    file,
    Object.entries(properties)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  const java = ['java', '-Xmx512m', '-cp', `${tools}/kafka/*`];
  await $({ quiet: true, cwd: folder })`${java} kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qk -c ${file}`;
  start(where, ...java, 'kafka.Kafka', file);
}

/** In the network's own list of sockets: nothing outside of it can connect. */
async function listening(pid: number, port: number): Promise<void> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  await eventually(60, async () => {
    const sockets = ['tcp', 'tcp6'].map((kind) => readFileSync(`/proc/${pid}/net/${kind}`, 'utf8')).join('\n');
    if (!new RegExp(`:${hex} \\S+ 0A `).test(sockets)) throw new Error(`nothing listens on ${port}`);
  });
}

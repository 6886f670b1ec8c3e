/** nginx itself with a configuration that we compile, brought onto this machine, and replicas that note who asked. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOf, fixtureIr, PLATFORMS } from '../../../compiler/test/fixture.ts';
import { programPath } from './program.ts';

const generated = join(import.meta.dirname, '../../../generated');
export const scratch = mkdtempSync(join(tmpdir(), 'mlops-proxy-'));
test.after(() => rmSync(scratch, { recursive: true, force: true }));

export async function serving(configuration: string, port: number, work: () => Promise<void>): Promise<void> {
  const program = programPath('nginx');
  const path = join(scratch, 'nginx.conf');
  writeFileSync(path, configuration);
  const words = ['-p', scratch, '-c', path, '-e', join(scratch, 'error.log')];
  const checked = spawnSync(program, ['-t', ...words], { encoding: 'utf8' });
  assert.is(checked.status, 0, checked.stderr);
  // As in the container, who reads certificates and who reads the configuration is one user.
  const user = process.getuid?.() === 0 ? ' user root;' : '';
  const child = spawn(program, [...words, '-g', `daemon off;${user}`], { stdio: 'ignore' });
  const gone = new Promise((done) => child.once('exit', done));
  try {
    while (!(await accepts(port))) assert.is(child.exitCode, null, 'nginx has ended');
    await work();
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

type LogLine = Record<string, unknown>;

const accepts = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(true));
    socket.once('error', () => setTimeout(20).then(() => done(false))).once('connect', () => socket.end());
  });

export interface Replica {
  port: number;
  server: Server;
  asked: string[];
  /** Of the last request. */
  headers: IncomingHttpHeaders;
  status: number;
  /** Answers wait for it. */
  held: Promise<void> | null;
}

export async function replica(status: number): Promise<Replica> {
  const asked: string[] = [];
  const one: Replica = {
    port: 0,
    asked,
    headers: {},
    status,
    held: null,
    server: createServer(async (request, answer) => {
      asked.push(`${request.method} ${request.url}`);
      one.headers = request.headers;
      await one.held;
      answer.writeHead(one.status).end('{}');
    }),
  };
  await new Promise<void>((done) => one.server.listen(0, '127.0.0.1', done));
  one.port = (one.server.address() as { port: number }).port;
  return one;
}

/** On this machine: other ports, no name server, and Debian's nginx, which does not know `resolve` yet. */
export function onThisMachine(port: number, replicas: number[]): string {
  const text = readFileSync(join(generated, 'prod/proxy/nginx.conf'), 'utf8');
  const server = /^ *server serving-departure-delay-1:8000 resolve (.*);\n/m;
  assert.match(text, server);
  return adapted(
    text.replace(server, (_, options) => replicas.map((each) => `server 127.0.0.1:${each} ${options};\n`).join('')),
    port,
  );
}

export const adapted = (text: string, port: number): string =>
  text
    .replaceAll('/tmp/', `${scratch}/`)
    .replaceAll('/dev/stdout', join(scratch, 'access.log'))
    .replaceAll('/dev/stderr', join(scratch, 'error.log'))
    .replace(/^ *resolver .*\n/m, '')
    .replaceAll('/etc/nginx/tls/', `${scratch}/tls/`)
    .replace('listen 8000;', `listen 127.0.0.1:${port};`);

/** The files of the fixture whose proxy is stated so. */
export function filesWithProxy(proxy: string): Map<string, string> {
  const stated = /^ {4}proxy: .*$/m.exec(readFileSync(join(PLATFORMS, 'flights/platform.yaml'), 'utf8'))?.[0] ?? '';
  return filesOf(fixtureIr({ 'platform.yaml': [[stated, `    proxy: ${proxy}`]] }));
}

/** Its configuration on this machine, before one replica. */
export const configurationWithProxy = (proxy: string, port: number, own: number): string =>
  adapted(
    (filesWithProxy(proxy).get('prod/proxy/nginx.conf') ?? '').replace(
      /server serving-[\w-]+:8000 resolve/g,
      `server 127.0.0.1:${own}`,
    ),
    port,
  );

export function close(...replicas: Replica[]): void {
  for (const { server } of replicas) {
    server.closeAllConnections();
    server.close();
  }
}

/** The access log once `complete` holds of its lines: nginx writes a line after its caller has the answer. */
export async function logged(complete: (lines: LogLine[]) => boolean): Promise<LogLine[]> {
  for (let attempt = 0; ; attempt += 1) {
    // Its last line may be half written.
    const whole = readFileSync(join(scratch, 'access.log'), 'utf8').split('\n').slice(0, -1);
    const lines = whole.map((line) => JSON.parse(line) as LogLine);
    if (complete(lines)) return lines;
    assert.ok(attempt < 500, `the log has not come to have it:\n${whole.slice(-20).join('\n')}`);
    await setTimeout(20);
  }
}

/** The line of a request. */
export async function loggedAs(requestId: string): Promise<LogLine> {
  const isIt = (line: LogLine): boolean => line['http.request.id'] === requestId;
  return (await logged((lines) => lines.some(isIt))).find(isIt) ?? {};
}

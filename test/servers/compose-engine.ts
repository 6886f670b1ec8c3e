/**
 * Docker Compose itself, and podman for the engine behind it: there is no Docker engine here. Podman answers Docker's
 * API; networks of containers' own it cannot have in a sandbox, so what runs shares the machine's.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { testPython } from '../../compiler/test/python-batch.ts';
import { programPath } from './suites/program.ts';

/** Holds busybox and nothing else; what a test builds begins with it. */
export const BASE = 'localhost/mlops-stand-in:base';

/** There is no systemd here to ask the containers whether they are healthy: this does, until each is. */
const HEALTH = `while sleep 0.5; do
  for each in $("$@" ps --filter health=starting --quiet); do "$@" healthcheck run "$each"; done
done`;

export class ComposeEngine {
  readonly folder = mkdtempSync(join(tmpdir(), 'mlops-compose-'));
  readonly #podman: string[];
  readonly #variables: NodeJS.ProcessEnv;
  readonly #children: ChildProcess[] = [];

  constructor() {
    const limits = join(this.folder, 'containers.conf');
    // What a process may have is less, in a sandbox, than what podman would ask for.
    writeFileSync(limits, '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n');
    this.#variables = { ...process.env, CONTAINERS_CONF: limits };
    const places = ['root', 'runroot', 'tmpdir'].flatMap((place) => [`--${place}`, join(this.folder, place)]);
    const sandbox = ['--events-backend', 'file', '--cgroup-manager', 'cgroupfs', '--runtime', 'runc'];
    this.#podman = [programPath('podman'), ...places, ...sandbox];
  }

  /** From here on `docker` of this process and its children reaches this engine, with Compose as its plugin. */
  async start(): Promise<void> {
    const plugins = join(this.folder, 'docker', 'cli-plugins');
    mkdirSync(plugins, { recursive: true });
    symlinkSync(join(dirname(testPython()), 'docker-compose'), join(plugins, 'docker-compose'));
    programPath('docker');
    const socket = join(this.folder, 'engine.sock');
    this.#spawn([...this.#podman, 'system', 'service', '--time', '0', `unix://${socket}`]);
    process.env['DOCKER_HOST'] = `unix://${socket}`;
    process.env['DOCKER_CONFIG'] = join(this.folder, 'docker');
    while (!existsSync(socket)) spawnSync('sleep', ['0.1']);
    this.#importBase();
    this.#spawn(['sh', '-c', HEALTH, 'health', ...this.#podman]);
  }

  podman(...words: string[]): string {
    const [program = '', ...before] = this.#podman;
    const found = spawnSync(program, [...before, ...words], { encoding: 'utf8', env: this.#variables });
    if (found.status !== 0) throw new Error(`podman ${words.join(' ')}: ${found.stdout}${found.stderr}`);
    return found.stdout.trim();
  }

  end(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    this.podman('rm', '--all', '--force', '--time', '0');
    this.podman('volume', 'prune', '--force');
    // Overlays of images may still be mounted.
    this.podman('rmi', '--all', '--force');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawn([program = '', ...words]: string[]): void {
    this.#children.push(spawn(program, words, { stdio: 'ignore', env: this.#variables }));
  }

  #importBase(): void {
    const root = join(this.folder, 'base');
    for (const name of ['bin', 'tmp', 'etc', 'proc', 'sys', 'dev']) mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, 'bin/busybox'), readFileSync(programPath('busybox')), { mode: 0o755 });
    for (const name of ['sh', 'cat', 'httpd', 'mkdir', 'readlink', 'sleep', 'test', 'wget'])
      symlinkSync('busybox', join(root, 'bin', name));
    const tar = join(this.folder, 'base.tar');
    spawnSync('tar', ['-C', root, '-cf', tar, '.']);
    this.podman('import', '--quiet', tar, BASE);
  }
}

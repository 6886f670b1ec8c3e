/**
 * Services of compose.yaml run by podman, each as it is generated: user, root file system, rights, mounts, secrets,
 * command, health.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { $, type ProcessOutput } from 'zx';
import { shellWord } from '../../compiler/render/shell.ts';
import { eventually } from './stage.ts';

export interface Service {
  command?: string[];
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  volumes?: string[];
  secrets?: (string | { source: string; target: string })[];
  tmpfs?: string[];
  init?: boolean;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  stop_grace_period?: string;
}

const HEALTHY_SECONDS = 180;

/** What Compose does before it fills nothing in: `$$` is a dollar. */
const literal = (text: string): string => text.replaceAll('$$', '$');

export class Podman {
  readonly #global: string[];
  readonly #pod = `mlops-${process.pid}`;
  readonly #variables: NodeJS.ProcessEnv;

  readonly #hosts: string;

  /**
   * `storage` keeps images between runs, and belongs to one folder of what runs; containers are told apart by this
   * process's id.
   */
  constructor(storage: string, state: string) {
    const running = join(tmpdir(), 'mlops-podman');
    this.#global = ['--root', storage, '--runroot', join(running, 'run'), '--tmpdir', join(running, 'tmp')];
    // There is no systemd here, and crun needs rights over cgroups that a sandbox has not.
    this.#global.push('--events-backend', 'file', '--cgroup-manager', 'cgroupfs', '--runtime', 'runc');
    this.#hosts = join(state, 'hosts');
    // What a process may have is less, in a sandbox, than what podman would ask for.
    const limits = join(state, 'containers.conf');
    writeFileSync(limits, '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n');
    this.#variables = { ...process.env, CONTAINERS_CONF: limits };
  }

  ask(...words: string[]): Promise<ProcessOutput> {
    return $({ quiet: true, nothrow: true, timeout: '900s', env: this.#variables })`podman ${this.#global} ${words}`;
  }

  async do(...words: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.ask(...words);
    if (exitCode !== 0)
      throw new Error(
        `podman ${words.slice(0, 3).join(' ')} … ended with ${exitCode}: ${`${stdout}${stderr}`.trim().slice(-3000)}`,
      );
    return stdout.trim();
  }

  /**
   * Loopback only: the containers' names lead to it, and nothing of this machine is in it. Its process id, to enter it.
   */
  async pod(names: string[]): Promise<number> {
    writeFileSync(this.#hosts, `127.0.0.1 localhost ${names.join(' ')}\n`);
    await this.do('pod', 'create', '--name', this.#pod, '--network', 'none', '--infra-name', `${this.#pod}-infra`);
    await this.do('pod', 'start', this.#pod);
    return Number(await this.do('inspect', '--format', '{{.State.Pid}}', `${this.#pod}-infra`));
  }

  #name = (service: string): string => `${this.#pod}-${service}`;

  /** A one-shot to its end; its output. */
  async once(name: string, service: Service, image: string, folder: string): Promise<string> {
    const found = await this.ask('run', '--rm', ...this.#words(name, service, image, folder));
    if (found.exitCode !== 0)
      throw new Error(`${name} ended with ${found.exitCode}: ${`${found.stdout}${found.stderr}`.trim().slice(-3000)}`);
    return found.stdout;
  }

  /** Starts it, and asks its health check until it passes. */
  async healthy(name: string, service: Service, image: string, folder: string): Promise<void> {
    const [kind, ...test] = service.healthcheck?.test ?? [];
    if (kind !== 'CMD') throw new Error(`${name} has no health check that is a command`);
    // As a line for a shell: podman 4.3 takes a list for the name of one program.
    const health = [
      '--health-cmd',
      test.map((word) => shellWord(literal(word))).join(' '),
      '--health-interval',
      'disable',
    ];
    await this.do('run', '--detach', ...health, ...this.#words(name, service, image, folder));
    await eventually(HEALTHY_SECONDS, async () => {
      const { exitCode, stdout, stderr } = await this.ask('healthcheck', 'run', this.#name(name));
      if (exitCode !== 0) throw new Error(`${name} is not healthy: ${stdout}${stderr}\n${await this.logs(name)}`);
    });
  }

  async logs(name: string): Promise<string> {
    const { stdout, stderr } = await this.ask('logs', '--tail', '30', this.#name(name));
    return `${stdout}${stderr}`;
  }

  exec = (name: string, ...words: string[]): Promise<string> => this.do('exec', this.#name(name), ...words);

  inspect = (name: string): Promise<string> => this.do('inspect', this.#name(name));

  /** Stops and removes it; its exit status, and what it said at last. */
  async stop(name: string, seconds: number): Promise<{ status: number; said: string }> {
    await this.do('stop', '--time', String(seconds), this.#name(name));
    const status = Number(await this.do('inspect', '--format', '{{.State.ExitCode}}', this.#name(name)));
    const said = await this.logs(name);
    await this.do('rm', this.#name(name));
    return { status, said };
  }

  async end(): Promise<void> {
    await this.ask('pod', 'rm', '--force', '--time', '10', this.#pod);
    const volumes = await this.ask('volume', 'ls', '--quiet', '--filter', `label=mlops=${this.#pod}`);
    for (const volume of volumes.stdout.split('\n').filter(Boolean)) await this.ask('volume', 'rm', '--force', volume);
  }

  /** The folder is the one that compose.yaml stands in. */
  #words(name: string, service: Service, image: string, folder: string): string[] {
    const {
      environment = {},
      volumes = [],
      secrets = [],
      tmpfs = [],
      cap_drop = [],
      security_opt = [],
      command = [],
    } = service;
    const mounts = volumes.map((mount) => {
      const [source = '', ...rest] = mount.split(':');
      return [source.startsWith('.') ? resolve(folder, source) : this.#name(source), ...rest].join(':');
    });
    const granted = secrets.map((secret) => {
      const { source, target } =
        typeof secret === 'string' ? { source: secret, target: `/run/secrets/${secret}` } : secret;
      return `${resolve(folder, '../../../secrets', source)}:${target}:ro`;
    });
    return [
      ...['--name', this.#name(name), '--pod', this.#pod],
      ...(service.init ? ['--init'] : []),
      ...(service.read_only ? ['--read-only', '--read-only-tmpfs=false'] : []),
      ...cap_drop.flatMap((capability) => ['--cap-drop', capability.toLowerCase()]),
      ...security_opt.flatMap((option) => ['--security-opt', option.replace(/:true$/, '')]),
      ...Object.entries(environment).flatMap(([variable, value]) => ['--env', `${variable}=${literal(value)}`]),
      ...[...mounts, ...granted, `${this.#hosts}:/etc/hosts:ro`].flatMap((mount) => ['--volume', mount]),
      ...tmpfs.flatMap((mount) => ['--tmpfs', mount]),
      image,
      ...command.map(literal),
    ];
  }

  /** Volumes with a label, so that `end` finds them. */
  async volumes(services: Service[]): Promise<void> {
    const names = new Set(
      services.flatMap(({ volumes = [] }) =>
        volumes.map((mount) => mount.split(':')[0] ?? '').filter((source) => !/^[./]/.test(source)),
      ),
    );
    for (const name of names) await this.do('volume', 'create', '--label', `mlops=${this.#pod}`, this.#name(name));
  }
}

/** What runs, stated once; a host makes a supervised process or a container of it. */
import type { Network } from '../ir/types.ts';
import type { Artifact } from '../render/artifact.ts';
import type { Address } from './host.ts';

export interface Workload {
  /** What others need it by, and call it by where it has an address of its own. */
  name: string;
  /** Runs to its end, once at each start of the environment. */
  once?: true;
  /** On a machine that has the program; left out where no machine has it. */
  program?: Program;
  /** Left out where a container is no way to run it. */
  container?: Container;
  port?: Port;
  health?: Health;
  /** Workloads that must be there before, where the environment has them. */
  needs?: Record<string, Need>;
  variables?: Record<string, string>;
  /** Variables that hold secrets of the platform's own. */
  secretVariables?: Record<string, string>;
  /** How people get in: a user, and the secret that holds the password. */
  logIn?: { user: string; secret: string };
  shared?: SharedVariables;
  /** Lock file of the Python environment that it runs in, where that is not the platform's. */
  lock?: string | null;
  /** Runs the teams' steps: it gets the secrets of connections. */
  runsSteps?: true;
  /** It reads its files again, by itself or when `mlops deploy` asks, so it goes on running where there is that. */
  reloads?: true;
  /**
   * It hands its listening socket over, so its next process comes up beside it, where the host can do that: there must
   * be room for both, and nothing that only one of them may hold.
   */
  rolls?: true;
  /** Where that next process is tried before: on a share of the connections (0 to 1), and for how long. */
  canary?: { share: number; seconds: number };
  /** It writes lines of JSON into a log file of this name, which the shipper follows. */
  log?: string;
  metrics?: Scrape;
  /** SQLite files that it keeps, where the environment has no servers. */
  databases?: Database[];
  serverData?: ServerData;
}

/** A folder of the state that a server alone can read: a backup asks the server instead. */
export interface ServerData {
  folder: string;
  /** Writes what `restore` needs into the folder that follows, while the workload runs. */
  dump?: string[];
  /** Fills the server, which has nothing yet, from that folder. Without it the server begins with nothing. */
  restore?: string[];
}

/** What people must know of a file when it is damaged. */
export interface Database {
  file: string;
  /** What is lost with it, in words. */
  holds: string;
  /** What deleting it leads to, and what else to delete and to run. */
  recovery: string;
}

/** What must be the case of a workload before one that needs it. */
export type Need = 'healthy' | 'completed';

export type Port =
  /** The environment's `ports` state it. */
  | { part: string }
  /** One of ours: on this number of a machine, and where the specs state that. In a container all of ours have one. */
  | { number: number; stated: string }
  /** In its container, whatever the host does. */
  | { inside: number };

export type Health =
  /** The path answers on its own port; on `ready`, where there is one, only if a caller gets what it asks for. */
  | { http: string; ready?: string }
  /** Its own port accepts connections. */
  | 'accepts'
  /** What another workload says of it: a field of the JSON at a path there. */
  | { of: string; http: string; says: string };

interface Form {
  /** Files and folders, relative to the root, that it reads when it starts: where one differs, it must start again. */
  reads?: string[];
  /** What it alone is configured by; `all` of the environment run beside it. */
  files?(all: readonly Running[]): Artifact[];
}

export interface Program extends Form {
  command: string[];
  /** Its name as a process, where that is not the workload's. */
  name?: string;
}

export interface Container extends Form {
  /** What others publish, by tag; or an image of ours. */
  image: string | OwnImage;
  command?: string[];
  entrypoint?: string[];
  networks: Network[];
  /** Names, where a number follows them all: whoever scrapes or balances replicas must tell one from the other. */
  replicas?: number;
  /** Which of the host's addresses lead to it; left out: none. */
  open?: 'loopback' | 'everywhere';
  /** The port of those, and the one that it leads to, where they are not the environment's of its part and its own. */
  openPort?: { onHost?: number; inside?: number };
  /** Beside the workload's. */
  variables?: Record<string, string>;
  /** Secrets of the platform's own that its texts refer to, or that it reads as files. */
  secrets?: string[];
  /** Those that people provide. */
  providedSecrets?: string[];
  mounts?: Mount[];
  /** Folders in memory. */
  scratch?: (string | { path: string; megabytes: number })[];
  /** A program of the image that asks over HTTP; or the whole command, where health is more than that. */
  probe?: 'wget' | 'curl' | 'nc' | string[];
  user?: string;
  /**
   * It gets none of the kernel's capabilities, and of an image of others nothing but volumes can be written; or why its
   * own file system has to be.
   */
  hardened?: true | { writableRoot: string };
  extras?: Extras;
  /** Started only when asked for. */
  profile?: 'tools';
  megabytes: number;
  cpus: number;
  /** Seconds that it gets to end. */
  grace?: number;
}

/** An image that is built from `runtime/`. */
export interface OwnImage {
  name: string;
  dockerfile: string;
  target?: string;
  /** It has our packages, and no code: it gets the checkout, the state and what all of ours share. */
  isOurs: boolean;
}

export const PLATFORM_IMAGE: OwnImage = {
  name: 'platform',
  dockerfile: 'images/platform/Dockerfile',
  target: 'platform',
  isOurs: true,
};

/** Read-only but for volumes: a volume; what is generated, relative to `generated/`; the checkout's; the machine's. */
export type Mount =
  | { volume: string; at: string; readOnly?: true }
  | { generated: string; at: string }
  | { checkout: string }
  | { machine: string; at: string; options: string };

/** What few containers need. */
export interface Extras {
  shm_size?: string;
  pid?: 'host';
  init?: true;
  ulimits?: Record<string, { soft: number; hard: number }>;
}

/** Variables that several workloads share, and nobody else needs. */
export interface SharedVariables {
  name: string;
  variables: Record<string, string>;
  secrets: string[];
}

/** What Prometheus reads; of one job there may be many. */
export interface Scrape {
  job: string;
  labels?: Record<string, string>;
  /** Where not `/metrics`. */
  path?: string;
  scheme?: 'https';
}

/** A workload that an environment runs, and where others reach it: an address per replica. */
export interface Running {
  workload: Workload;
  addresses: Address[];
}

/** The same command, as a process and in a container of our image. */
export function ours(
  command: string[],
  container: Omit<Container, 'image' | 'command'> & { image?: OwnImage },
  process: { name?: string } = {},
): Required<Pick<Workload, 'program' | 'container'>> {
  const { reads, files } = container;
  return {
    program: { ...process, command, ...(reads && { reads }), ...(files && { files }) },
    container: { image: PLATFORM_IMAGE, ...container, command },
  };
}

/**
 * What must have ended before anything reads features or models: definitions are registered, and teams' own packages
 * are there, where the host installs them as a workload.
 */
export const APPLIED: Record<string, Need> = { apply: 'completed', environments: 'completed' };

/** Where a container of ours writes its log, and the volume that this is, which the shipper reads. */
export const LOGS = { volume: 'logs', folder: '/var/log/mlops' } as const;

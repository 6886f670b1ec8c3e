/** What the stages below tools and hosts know of them: facts, which compile.ts gathers from both registries. */
import type { MetricFamily } from './metrics.ts';

export interface Inventory {
  /** By the name that an environment states as its `runtime`. */
  hosts: ReadonlyMap<string, HostFacts>;
  /** By the name that an environment's `ports` have for it, in the order of the tools. */
  ports: ReadonlyMap<string, PortFacts>;
  metrics: readonly ExposedMetrics[];
  /** How the titles of the platform's own dashboards read. */
  titles: readonly RegExp[];
  /** Names of the platform's own containers where it serves all this. */
  containers(host: HostFacts, served: Served): string[];
  /** The platform's own volumes, where it runs in containers. */
  volumes: readonly string[];
}

/** Which form of a workload a host runs: a program of the machine, or a container. */
export type Form = 'program' | 'container';

export interface HostFacts {
  /** What an environment states as its `runtime`. */
  name: string;
  /** In a sentence, for who chooses. */
  description: string;
  form: Form;
  /** Whether each workload has a network of its own, in which `localhost` is that workload alone. */
  ownNetwork: boolean;
  /** Whether it listens on this machine's loopback alone, because nobody logs in. */
  onLoopback: boolean;
  /** How long Prometheus keeps metrics where nothing is stated. */
  metricsRetention: string;
  /**
   * What the names of all the platform's own secrets begin with where people's have the same place: a secret of a new
   * tool is a team's to name by no other rule.
   */
  ownSecrets?: string;
  /** Volumes that only this host needs. */
  volumes?: string[];
  /** Containers that only this host needs. */
  containers?(served: Served): string[];
}

/** A port that an environment may state. */
export interface PortFacts {
  /** The name that people know the part by. */
  title: string;
  /** Where nothing is stated, and in a network of its own. */
  usual: number;
  /** Also where stores are embedded. */
  embedded?: true;
  /** Only hosts that run this form have the part. */
  form?: Form;
}

export interface ExposedMetrics {
  /** The name under which Prometheus scrapes them. */
  job: string;
  families: readonly MetricFamily[];
  /** Labels that Prometheus' configuration adds to each series. */
  targetLabels?: readonly string[];
}

/** What decides how many containers there are. */
export interface Served {
  apis: { model: string; replicas: number; trial: boolean }[];
  streams: string[];
  /** Whether a model or a step brings packages of its own. */
  hasLocks: boolean;
}

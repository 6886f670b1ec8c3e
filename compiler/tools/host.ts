/** What a tool may ask of where it runs, so that it compares no host with another. */
import type { HostFacts } from '../ir/inventory.ts';
import type { Environment, Ir } from '../ir/types.ts';
import type { RuleFile } from './rule.ts';

export interface Address {
  host: string;
  port: number;
}

export const url = ({ host, port }: Address): string => `http://${host}:${port}`;

/** A host as one environment uses it. Texts that it gives are for commands, variables and configuration files. */
export interface Host {
  readonly facts: HostFacts;
  /** Whether somebody switches schedules on once everything is up; where nobody does, they are on from the start. */
  readonly startsPaused: boolean;
  /** Whether what runs is a release below the state, and not what lies in `root`. */
  readonly hasReleases: boolean;
  /** Where names are looked up, for who must notice that one has moved; null where addresses never change. */
  readonly nameServer: string | null;
  /** Folder of the checkout. */
  readonly root: string;
  /** A path in the environment's state. */
  state(path: string): string;
  /** `python -m mlops_runtime …`. */
  runtimeCommand(...words: string[]): string[];
  /** A program of the platform's Python environment. */
  bin(program: string): string;
  /** How others reach a part. */
  address(part: string): Address;
  /** What a part itself listens on; of another port than a part's, its number. */
  listen(port: string | number): Address;
  /** A secret of the platform's own, as text of a variable or, encoded, of an address. */
  secret(name: string): string;
  secretInUrl(name: string): string;
  /** The file of a secret of the platform's own, and that of one that people provide. */
  secretFile(name: string): string;
  providedSecretFile(name: string): string;
}

/** One environment, as a tool sees it. */
export interface Site {
  ir: Ir;
  environment: Environment;
  host: Host;
  /** What Prometheus evaluates, for who tells people of it. */
  rules: readonly RuleFile[];
  /** Each is a role with a database of its name. */
  databases: readonly string[];
  /** Patterns of the log files that the shipper follows. */
  logs: readonly string[];
}

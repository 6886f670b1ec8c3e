/** What a machine must have for processes of a tool: where the supervisor looks for it, and how it gets there. */

export interface MachineProgram {
  /** In words, for who has to install it. */
  title: string;
  /** Debian's package, or how else to get it. */
  from: string;
  find: Search;
}

export type Search =
  /** The first of these names that is on the PATH; before that in the newest of the versions in a folder. */
  | { names: string[]; versions?: string }
  /** A folder of jars, which no Debian package has. */
  | { jars: string };

/** How `mlops servers install` gets what is missing, on Debian. */
export interface Install {
  packages: DebianPackage[];
  /** Jars, by the name of their folder; the file states them for Maven. */
  jars?: { folder: string; title: string; pom: URL };
}

export interface DebianPackage {
  name: string;
  /** A program or a file that shows that it is there. */
  evidence: string;
}

/** In a command: the program, wherever it is on this machine; `mlops up` names those that are missing. */
export const program = (name: string): string => `\${tool:${name}}`;

/** Names of the programs that texts of commands ask for. */
export const programsIn = (texts: readonly string[]): string[] => [
  ...new Set(texts.flatMap((text) => [...text.matchAll(/\$\{tool:([a-z-]+)\}/g)].map((match) => match[1] ?? ''))),
];

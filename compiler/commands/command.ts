/** What every verb of `mlops` is made of beside its line in `registry.ts`; `cli.ts` parses its arguments. */

export interface Option {
  type: 'string' | 'boolean';
  help: string;
  default?: string | boolean;
  /** Allowed words, for a string. */
  choices?: readonly string[];
  /** What stands for the value in the help, such as `DIR`. */
  value?: string;
  /** Given several times, its values are joined by commas. */
  isRepeatable?: true;
}

export interface Arguments {
  positionals: string[];
  options: Record<string, string | boolean | undefined>;
}

export interface Context {
  /** Absolute path of the repository. */
  root: string;
  color: boolean;
  isTerminal: boolean;
  out(text: string): void;
  err(text: string): void;
}

export interface Command {
  options: Record<string, Option>;
  /** Exit code: 0 done, 1 the specs have errors or the work failed, 2 wrong usage or environment. */
  run(args: Arguments, context: Context): Promise<number>;
}

/** Wrong usage or environment: one sentence, exit code 2. */
export class UsageError extends Error {}

import type { Command } from './command.ts';

/** What `mlops --help` says of a verb, and where it is. */
export interface Verb {
  summary: string;
  /** Names of the positional arguments, in order; `NAME?` where one may be left out. */
  positionals?: readonly string[];
  /** Called when the verb is, so that `compile` never pays for `up`, and the help for neither. */
  load(): Promise<{ command: Command }>;
}

export const commands: Record<string, Verb> = {
  init: {
    summary: 'Begin a repository in a folder, or add to one what is not there.',
    positionals: ['DIR'],
    load: () => import('./init.ts'),
  },
  validate: {
    summary: 'Check the specs, and write nothing.',
    load: () => import('./validate.ts'),
  },
  compile: {
    summary: 'Check the specs, and write generated/.',
    load: () => import('./compile.ts'),
  },
  fix: {
    summary: 'Apply the safe fixes of findings to the specs.',
    load: () => import('./fix.ts'),
  },
  lsp: {
    summary: 'Serve an editor over standard input and output (Language Server Protocol).',
    load: () => import('./lsp.ts'),
  },
  explain: {
    summary: 'Say what a code means, with an example and the fix.',
    positionals: ['CODE'],
    load: () => import('./explain.ts'),
  },
  ir: {
    summary: 'Print what the specs mean, resolved and with all defaults, as JSON.',
    load: () => import('./ir.ts'),
  },
  test: {
    summary: "Run the tests beside the team's Python, with pytest.",
    positionals: ['PATH?'],
    load: () => import('./test.ts'),
  },
  plan: {
    summary: 'Say what the specs as they are change of the platform, what breaks, and what has to run.',
    load: () => import('./plan.ts'),
  },
  deploy: {
    summary: 'Bring the running tools of an environment to what is compiled, and check each.',
    load: () => import('./deploy.ts'),
  },
  up: {
    summary: 'Start the platform, and leave it running in the background.',
    load: () => import('./up.ts'),
  },
  down: {
    summary: 'Stop everything that `up` has started. The state is kept.',
    load: () => import('./down.ts'),
  },
  status: {
    summary: 'Show what runs, where it answers and how it is; exit 1 unless all is healthy.',
    load: () => import('./status.ts'),
  },
  run: {
    summary: 'Start a pipeline now, outside its schedule.',
    positionals: ['PIPELINE'],
    load: () => import('./run.ts'),
  },
  backfill: {
    summary: 'Bring a stretch of a feature view into the online store again.',
    positionals: ['VIEW'],
    load: () => import('./backfill.ts'),
  },
};

import type { Command } from './command.ts';

/** What `mlops --help` says of a verb, and where it is. */
export interface Verb {
  summary: string;
  /** Names of the positional arguments, in order; `NAME?` where one may be left out, `NAME…` for any number. */
  positionals?: readonly string[];
  /** What it is given is not repeated in a message: a word too many may be a secret's value. */
  isPrivate?: true;
  /** Called when the verb is, so that `compile` never pays for `up`, and the help for neither. */
  load(): Promise<{ command: Command }>;
}

export const commands: Record<string, Verb> = {
  init: {
    summary: 'Begin a repository in a folder, or add to one what is not there.',
    positionals: ['DIR'],
    load: () => import('./init.ts'),
  },
  new: {
    summary: 'Write a spec that compiles, with Python that runs and a test: entity, view, pipeline, model, ….',
    positionals: ['KIND', 'NAME'],
    load: () => import('./new.ts'),
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
  rename: {
    summary: 'Give a feature (owner, connection, environment, step, alert …) another name, in specs and Python.',
    positionals: ['KIND', 'OLD', 'NEW'],
    load: () => import('./rename.ts'),
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
  graph: {
    summary: 'Draw what is made of what, from tables to APIs, of all or around one thing.',
    load: () => import('./graph.ts'),
  },
  catalogue: {
    summary: 'Print one page of HTML with everything in the repository: owners, parts, readers, lineage.',
    load: () => import('./catalogue.ts'),
  },
  codeowners: {
    summary: 'Write .github/CODEOWNERS from the owners of the specs.',
    load: () => import('./codeowners.ts'),
  },
  migrate: {
    summary: 'Lift specs of older versions of the language to this one; comments and the rest stay as they are.',
    load: () => import('./migrate.ts'),
  },
  upgrade: {
    summary: 'Show what another version of the compiler changes, and move the pin to it.',
    positionals: ['VERSION?'],
    load: () => import('./upgrade.ts'),
  },
  step: {
    summary: 'Run one step without Airflow, on the tables that are there or on made-up rows; publish nothing.',
    positionals: ['PIPELINE', 'STEP'],
    load: () => import('./step.ts'),
  },
  test: {
    summary: "Lint the team's Python, and run the tests beside it; what follows `--` is given to pytest.",
    positionals: ['TEST…'],
    load: () => import('./test.ts'),
  },
  plan: {
    summary: 'Say what the specs as they are change of the platform, what breaks, and what has to run.',
    load: () => import('./plan.ts'),
  },
  review: {
    summary: 'Answer a pull request on GitHub with its plan: a comment, a check and labels.',
    load: () => import('./review.ts'),
  },
  commit: {
    summary: 'Commit what a pull request on GitHub compiles to, on its own branch; its specs are read as data.',
    load: () => import('./commit.ts'),
  },
  deploy: {
    summary: 'Bring an environment to what is compiled, wholly or not at all, and check each tool.',
    load: () => import('./deploy.ts'),
  },
  releases: {
    summary: 'List what was deployed to an environment; `show ID` explains one, `publish` shows them on GitHub.',
    positionals: ['ACTION?', 'ID?'],
    load: () => import('./releases.ts'),
  },
  rollback: {
    summary: 'Bring an environment back to the release before, or to ID, champions included.',
    positionals: ['ID?'],
    load: () => import('./rollback.ts'),
  },
  drift: {
    summary: 'Show what live differs from what was deployed, per object and field; exit 1 where anything does.',
    load: () => import('./drift.ts'),
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
  backup: {
    summary: 'Copy all that an environment has made into a folder, also while it runs; only what is new is copied.',
    positionals: ['VERB?', 'FOLDER?'],
    load: () => import('./backup.ts'),
  },
  restore: {
    summary: 'Bring the state of a stopped environment back as a backup has it, wholly or not at all.',
    load: () => import('./restore.ts'),
  },
  support: {
    summary: 'Gather what a report of a bug needs in one archive, without secrets; also of a broken platform.',
    load: () => import('./support.ts'),
  },
  run: {
    summary: 'Start a pipeline now, outside its schedule.',
    positionals: ['PIPELINE'],
    load: () => import('./run.ts'),
  },
  logs: {
    summary: 'Show what processes, or the steps of a pipeline, have printed, and what failed first.',
    positionals: ['PIPELINE?', 'RUN?'],
    load: () => import('./logs.ts'),
  },
  retry: {
    summary: 'Do a run of a pipeline again: RUN, or PIPELINE for its newest.',
    positionals: ['RUN'],
    load: () => import('./retry.ts'),
  },
  promote: {
    summary: 'Make a version of a model its champion, or (--back) the one before; without either, list them.',
    positionals: ['MODEL', 'VERSION?'],
    load: () => import('./promote.ts'),
  },
  secrets: {
    summary: 'Set a secret, list them, change one of the platform (rotate), make those of containers (make).',
    positionals: ['ACTION', 'NAME?'],
    isPrivate: true,
    load: () => import('./secrets.ts'),
  },
  notebook: {
    summary: "Open a copy of a model's notebook in Jupyter, on this machine alone.",
    positionals: ['MODEL'],
    load: () => import('./notebook.ts'),
  },
  clean: {
    summary: 'Show what of .mlops/ and of caches may go, how large it is, and remove it when told to.',
    load: () => import('./clean.ts'),
  },
  servers: {
    summary: 'Install the servers that an environment with `stores: servers` runs, on Debian (servers install).',
    positionals: ['ACTION'],
    load: () => import('./servers.ts'),
  },
  backfill: {
    summary: 'Bring a stretch of a feature view into the online store again.',
    positionals: ['VIEW'],
    load: () => import('./backfill.ts'),
  },
};

import type { Command } from './command.ts';

type Load = () => Promise<{ command: Command }>;

/** One line a verb. Loaded when called, so that `compile` never pays for `up`. */
export const commands: Record<string, Load> = {
  validate: () => import('./validate.ts'),
  compile: () => import('./compile.ts'),
  fix: () => import('./fix.ts'),
  lsp: () => import('./lsp.ts'),
  explain: () => import('./explain.ts'),
  ir: () => import('./ir.ts'),
  deploy: () => import('./deploy.ts'),
  up: () => import('./up.ts'),
  down: () => import('./down.ts'),
  status: () => import('./status.ts'),
  run: () => import('./run.ts'),
  backfill: () => import('./backfill.ts'),
};

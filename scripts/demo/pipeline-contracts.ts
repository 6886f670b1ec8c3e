/** What each compiled pipeline does, from its contract (docs/contracts.md). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '../../compiler/operate/workspace.ts';

interface PipelineContract {
  pipeline: string;
  spec: string;
  steps: Record<string, { call: { kind: string; uses?: string; with: Record<string, unknown> } }>;
}

function contractsOf(workspace: Workspace): PipelineContract[] {
  const folder = join(workspace.root, 'generated', 'common', 'runtime', 'pipelines');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return files.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as PipelineContract);
}

/** Those that a pipeline.yaml states; the others follow from a model. */
export const writtenPipelines = (workspace: Workspace): string[] =>
  contractsOf(workspace)
    .filter(({ spec }) => spec.startsWith('pipelines/'))
    .map(({ pipeline }) => pipeline);

/** The pipeline that trains or scores a model; null where none does. */
export function pipelineOf(workspace: Workspace, model: string, uses: 'train' | 'score'): string | null {
  const found = contractsOf(workspace).find(({ steps }) =>
    Object.values(steps).some(({ call }) => call.uses === uses && call.with['model'] === model),
  );
  return found?.pipeline ?? null;
}

/** The file that states it, or the model that it is derived from. */
export function specOf(workspace: Workspace, pipeline: string): string {
  const found = contractsOf(workspace).find((each) => each.pipeline === pipeline);
  if (found === undefined) throw new Error(`no contract of ${pipeline}`);
  return found.spec;
}

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../../compiler/operate/machine/run-tool.ts';
import { platformEnvironment } from '../../compiler/operate/supervisor/units.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';

export interface ExecutedNotebook {
  path: string;
  cells: number;
  /** All that its cells printed. */
  printed: string;
}

interface Cell {
  cell_type: string;
  execution_count?: number | null;
  outputs?: { output_type: string; text?: string | string[] }[];
}

/** Executes the model's generated notebook; the executed copy stays in the state folder. */
export async function executeNotebook(workspace: Workspace, model: string): Promise<ExecutedNotebook> {
  const folder = join(workspace.state, 'notebooks');
  const path = join(folder, `${model}.ipynb`);
  mkdirSync(folder, { recursive: true });
  const source = join(workspace.root, 'generated', 'common', 'notebook', `${model}.ipynb`);
  const command = [
    workspace.python,
    '-m',
    'papermill',
    '--no-progress-bar',
    '--log-output',
    '--kernel',
    'python3',
    source,
    path,
  ];
  await runTool(`The notebook of ${model}`, {
    command,
    cwd: workspace.root,
    env: platformEnvironment(workspace, 'notebook'),
    log: join(workspace.logs, `notebook-${model}.log`),
  });
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: Cell[] };
  const executed = cells.filter(({ cell_type, execution_count }) => cell_type === 'code' && execution_count != null);
  return { path, cells: executed.length, printed: executed.flatMap(printedBy).join('') };
}

const printedBy = ({ outputs = [] }: Cell): string[] =>
  outputs.filter(({ output_type }) => output_type === 'stream').flatMap(({ text = '' }) => text);

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { toolEnvironment } from '../operate/machine/tool-environment.ts';
import { createProgress, inStage } from '../operate/progress.ts';
import { prepareTesting } from '../operate/python/environment.ts';
import { openWorkspace } from '../operate/workspace.ts';
import type { Command } from './command.ts';
import { reportingFailures } from './operating.ts';

/** Exit status of pytest where it finds no test. */
const NO_TESTS = 5;

export const command: Command = {
  options: {},
  run: ({ positionals }, context) =>
    reportingFailures(context, async () => {
      const { root } = context;
      const paths =
        positionals.length > 0 ? positionals : ['pipelines', 'models'].filter((name) => existsSync(join(root, name)));
      for (const path of paths)
        if (!existsSync(join(root, path))) throw new OperationError(`There is no ${path} in ${root}.`);
      const nothing = 'No tests: a file test_*.py beside the code in pipelines/ and models/ is one.\n';
      if (paths.length === 0) {
        context.out(nothing);
        return 0;
      }
      const workspace = openWorkspace(root, 'local');
      const python = await inStage(createProgress(context), 'Python environment', (note) =>
        prepareTesting(workspace, note),
      );
      const { status } = spawnSync(python, ['-m', 'pytest', '-q', '--import-mode=importlib', ...paths], {
        cwd: workspace.root,
        env: toolEnvironment(workspace, python, { PYTHONDONTWRITEBYTECODE: '1' }),
        stdio: 'inherit',
      });
      if (status === NO_TESTS) context.out(nothing);
      return status === 0 || status === NO_TESTS ? 0 : 1;
    }),
};

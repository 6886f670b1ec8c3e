/**
 * The live side of a tool that there is not is brought to what was compiled as any other: see compiler/test/made-up.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { deployTools } from '../../compiler/release/bring-to.ts';
import { liveSidesOf } from '../../compiler/release/registry.ts';
import { asked, ledger } from '../../compiler/test/made-up/tool.ts';
import { tools } from '../../compiler/tools/registry.ts';
import { withSandbox } from './sandbox.ts';

test(
  'a deploy goes through it where the environment has it, once',
  withSandbox({}, async ({ workspace, progress, printed }) => {
    const sides = liveSidesOf([...tools, ledger]);
    await deployTools(workspace, progress, { sides });
    await deployTools(workspace, progress, { sides });
    assert.equal(asked, ['apply']);
    assert.match(printed(), /Deploying to ledger.*create ledger\/book\/main; the books are balanced/);
  }),
);

test.run();

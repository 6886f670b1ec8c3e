/** `mlops notebook`, up to where Jupyter itself begins; `npm run test:repositories` opens a real one. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mlops } from './cli.ts';
import { type Sandbox, withSandbox } from './sandbox.ts';

const PORT = 15440;

/** Two models, the first of which reads `store_orders`, and a Python for notebooks that has no Jupyter. */
function compiled({ workspace: { root } }: Sandbox): void {
  const files = {
    'generated/common/notebook/delivery_time.ipynb': '{"cells": ["store_orders__rows"]}',
    'generated/common/notebook/demand.ipynb': '{"cells": []}',
    'generated/common/feast/feature_views/store_orders.py': '',
    'generated/common/feast/feature_views/unused.py': '',
    'runtime/images/platform/jupyter.lock': '',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

test(
  'a name that is none, or a port that cannot be, gets a sentence before anything is copied',
  withSandbox({}, async (sandbox) => {
    compiled(sandbox);
    const taken = createServer().listen(PORT, '127.0.0.1');
    for (const [words, exit, said] of [
      [['delivery_tim'], 2, "there is no model or feature view 'delivery_tim'; did you mean 'delivery_time'?"],
      [['../../x'], 2, 'there are delivery_time, demand'],
      [['unused'], 2, 'No model uses the feature view unused, so no notebook reads it.'],
      [['demand', '--port', '80'], 2, "--port '80' is no port from 1024 to 65535"],
      [['demand', '--port', `${PORT}`], 2, `Port ${PORT} is in use; leave --port out for a free one.`],
    ] as const) {
      const call = await mlops(sandbox, 'notebook', ...words);
      assert.is(call.exit, exit, call.printed);
      assert.match(call.printed, said);
    }
    taken.close();
    assert.throws(() => readFileSync(join(sandbox.workspace.root, 'notebooks/demand.ipynb')), /ENOENT/);
  }),
);

test(
  "a view's name means a model that uses it; the copy is the user's from then on, and Jupyter's own words are said",
  withSandbox({}, async (sandbox) => {
    compiled(sandbox);
    const first = await mlops(sandbox, 'notebook', 'store_orders', '--no-browser');
    assert.match(first.printed, 'store_orders is used by the model delivery_time, whose notebook reads it.');
    assert.match(first.printed, 'notebooks/delivery_time.ipynb is a copy of the generated notebook; it is yours.');
    assert.match(first.printed, 'No module named jupyterlab');
    assert.is(first.exit, 1, first.printed);
    const copy = join(sandbox.workspace.root, 'notebooks/delivery_time.ipynb');
    writeFileSync(copy, 'mine');
    const again = await mlops(sandbox, 'notebook', 'delivery_time', '--no-browser');
    assert.match(again.printed, 'notebooks/delivery_time.ipynb is yours, and is as you left it.');
    assert.is(readFileSync(copy, 'utf8'), 'mine');
  }),
);

test.run();

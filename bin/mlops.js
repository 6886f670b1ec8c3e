#!/usr/bin/env node
// A checkout has the TypeScript sources, which run through tsx; the package has what was built from them.
import { existsSync } from 'node:fs';

const isCheckout = existsSync(new URL('../compiler/cli.ts', import.meta.url));
if (isCheckout) await import('./register.js');

// Whoever reads may stop early, as `head` does.
process.stdout.on('error', ({ code }) => process.exit(code === 'EPIPE' ? 0 : 2));

const { main } = await import(isCheckout ? '../compiler/cli.ts' : '../compiler/cli.js');
process.exitCode = await main(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});

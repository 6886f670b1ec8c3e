#!/usr/bin/env node
// The command as an installed package has it: the TypeScript sources, through tsx.
import './register.js';

const { main } = await import('../compiler/cli.ts');
process.exitCode = await main(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});

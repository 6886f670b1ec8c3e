/** Writes docs/codes.md, the page of every finding, from the catalogue. `--check` only says whether it is current. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from '../compiler/diagnostics/catalog.ts';

const path = join(import.meta.dirname, '../docs/codes.md');

const pages = Object.entries(catalog).map(
  ([code, { severity, title, why, example, fix, judgement }]) =>
    `## ${code}\n\n**${title}** (${severity})\n\n${why}\n\n\`\`\`\n${example}\n\`\`\`\n\nFix: ${fix} A comment ${severity === 'warning' || judgement ? 'may suppress it' : 'cannot suppress it'}.\n`,
);
const text = `# Findings\n\nGenerated from \`compiler/diagnostics/catalog.ts\` by \`npm run generate\`; do not edit. \`mlops explain CODE\` prints the same.\n\n${pages.join('\n')}`;

let current = '';
try {
  current = readFileSync(path, 'utf8');
} catch {}
if (current !== text) {
  if (process.argv.includes('--check')) {
    console.error('docs/codes.md is not what the catalogue says: run `npm run generate`.');
    process.exitCode = 1;
  } else writeFileSync(path, text);
}

/** The pages that go along in the package: all but those about this repository's own proof and making. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const OUR_OWN = ['benchmarks.md', 'comparison.md', 'dependencies.md', 'messages.md', 'proof.md'];

export const shippedDocs = (root: string): string[] =>
  readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !OUR_OWN.includes(path))
    .sort()
    .map((path) => `docs/${path}`);

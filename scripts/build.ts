/**
 * `npm run build`: the package as others install it, in `dist/`: the compiler as plain JavaScript, the runtime as a
 * wheel with its locks, exact dependencies, and what it is made of (SBOM). `npm pack ./dist` makes one file of it.
 */
import { join } from 'node:path';
import { buildPackage } from './packaging/package.ts';

const root = join(import.meta.dirname, '..');
const out = join(root, 'dist');
await buildPackage(root, out);
console.log(`${out} is built; \`npm pack ./dist\` makes one file of it.`);

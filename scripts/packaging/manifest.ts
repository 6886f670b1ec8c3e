/** The package's own package.json, and the exact versions of all that it depends on. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  name: string;
  version: string;
  dependencies: Record<string, string>;
  [key: string]: unknown;
}

interface Lock {
  packages: Record<string, { dev?: boolean; devDependencies?: object }>;
}

const read = <T>(root: string, name: string): T => JSON.parse(readFileSync(join(root, name), 'utf8')) as T;

const write = (out: string, name: string, value: object): void =>
  writeFileSync(join(out, name), `${JSON.stringify(value, null, 2)}\n`);

export function writeManifest(root: string, out: string): Manifest {
  const { scripts, devDependencies, private: _, ...kept } = read<Manifest>(root, 'package.json');
  const manifest: Manifest = {
    ...kept,
    exports: {
      '.': { types: './compiler/compile.d.ts', default: './compiler/compile.js' },
      './schemas/*': './compiler/spec-schema/*',
      './package.json': './package.json',
    },
  };
  write(out, 'package.json', manifest);
  // npm honours this name in packages, so that everybody gets what the tests ran with.
  write(out, 'npm-shrinkwrap.json', withoutDevelopment(read<Lock>(root, 'package-lock.json')));
  return manifest;
}

function withoutDevelopment({ packages, ...lock }: Lock): Lock {
  const kept = Object.entries(packages).filter(([, { dev }]) => !dev);
  const { devDependencies, ...self } = packages[''] ?? {};
  return { ...lock, packages: { ...Object.fromEntries(kept), '': self } };
}

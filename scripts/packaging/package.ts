/** The package from the checkout. Two builds of one commit are equal to the byte. */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildCompiler } from './compiler.ts';
import { shippedDocs } from './docs.ts';
import { writeManifest } from './manifest.ts';
import { buildRuntime } from './runtime.ts';
import { writeRuntimeBill } from './runtime-bill.ts';
import { writeBill } from './sbom.ts';

export async function buildPackage(root: string, out: string): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await buildCompiler(root, out);
  const { version } = writeManifest(root, out);
  await buildRuntime(root, out, version);
  await writeBill(out);
  writeRuntimeBill(root, out, version);
  for (const name of ['LICENSE', 'README.md', ...shippedDocs(root)]) cpSync(join(root, name), join(out, name));
}

/** `sbom.cdx.json` (CycloneDX): every npm package that the compiler loads, with its licence and its digest. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx';

interface Bill {
  serialNumber?: string;
  metadata: { timestamp?: string; component: { name: string } };
}

export async function writeBill(out: string): Promise<void> {
  const { stdout } = await $({ cwd: out, quiet: true })`npm sbom --package-lock-only --sbom-format cyclonedx`;
  // What differs from run to run is left out; npm takes the name from the folder.
  const { serialNumber, ...bill } = JSON.parse(stdout) as Bill;
  const { timestamp, ...metadata } = bill.metadata;
  const { name } = JSON.parse(readFileSync(join(out, 'package.json'), 'utf8')) as { name: string };
  const component = { ...metadata.component, name };
  writeFileSync(
    join(out, 'sbom.cdx.json'),
    `${JSON.stringify({ ...bill, metadata: { ...metadata, component } }, null, 2)}\n`,
  );
}

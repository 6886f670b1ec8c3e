/** `runtime/sbom.cdx.json` (CycloneDX): every Python package of the runtime, with its licence and its digests. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  name: string;
  version: string;
  hashes: string[];
}

/** The packages of a lock that uv wrote: `name==version \` and a line for each digest. */
export function lockedIn(text: string): Locked[] {
  const found: Locked[] = [];
  for (const line of text.split('\n')) {
    const [, name, version] = /^([A-Za-z0-9._-]+)==([^\s;]+)/.exec(line) ?? [];
    if (name !== undefined && version !== undefined) found.push({ name, version, hashes: [] });
    const [, digest] = /^\s+--hash=sha256:([0-9a-f]{64})/.exec(line) ?? [];
    if (digest !== undefined) found.at(-1)?.hashes.push(digest);
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function writeRuntimeBill(root: string, out: string, version: string): void {
  const licences = JSON.parse(readFileSync(join(root, 'runtime/licences.json'), 'utf8')) as Record<string, string>;
  const components = lockedIn(readFileSync(join(root, 'runtime/requirements.lock'), 'utf8')).map((each) => {
    const licence = licences[each.name];
    if (!licence) throw new Error(`${each.name} has no licence in runtime/licences.json: scripts/list-licences.py`);
    const purl = `pkg:pypi/${each.name}@${each.version}`;
    return {
      'bom-ref': purl,
      type: 'library',
      name: each.name,
      version: each.version,
      purl,
      licenses: [
        /^[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*$/.test(licence)
          ? { expression: licence }
          : { license: { name: licence } },
      ],
      hashes: each.hashes.map((content) => ({ alg: 'SHA-256', content })),
    };
  });
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'library', name: 'mlops-runtime', version, 'bom-ref': `mlops-runtime@${version}` } },
    components,
  };
  writeFileSync(join(out, 'runtime/sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
}

/**
 * `npm run secrets -- prod`: the files that compose.yaml of an environment reads its secrets from. Those of the
 * platform's own parts are made where they are missing, and never changed; those that only people know are named.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

/** Names that begin so are the platform's own (compiler/hosts/compose/secrets.ts). */
const OWN = 'mlops_';

const [environment, root = join(import.meta.dirname, '..')] = process.argv.slice(2);
const file = join(root, 'generated', environment ?? '', 'compose', 'compose.yaml');
if (environment === undefined || !existsSync(file)) {
  console.error(
    environment === undefined
      ? 'Name an environment: npm run secrets -- prod'
      : `There is no ${file}: is '${environment}' run by compose?`,
  );
  process.exit(2);
}

const { secrets } = parse(readFileSync(file, 'utf8')) as {
  secrets: Record<string, { file?: string; environment?: string }>;
};
let missing = 0;
for (const [name, source] of Object.entries(secrets)) if (!make(name, source)) missing += 1;
process.exitCode = missing > 0 ? 1 : 0;

/** Whether it is there now. */
function make(name: string, source: { file?: string; environment?: string }): boolean {
  if (source.file === undefined) {
    const isSet = process.env[source.environment ?? ''] !== undefined;
    if (!isSet) console.log(`missing: set the variable ${source.environment} for docker compose`);
    return isSet;
  }
  const path = join(dirname(file), source.file);
  if (existsSync(path)) return true;
  if (!name.startsWith(OWN)) {
    console.log(`missing: write the secret '${name}' into ${path}`);
    return false;
  }
  // Compose mounts the file as it is, and containers run as users of their own: all may read it, and only its owner may
  // get to it.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o444, flag: 'wx' });
  console.log(`made: ${path}`);
  return true;
}

/** What Apicurio's registry says of a schema that is to follow another (`Compatible.java`). */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toolsFolder } from '../../compiler/release/install-servers.ts';
import type { EventSchema } from '../../compiler/tools/kafka/schemas.ts';
import type { SchemaPair } from './pairs.ts';

const JARS = join(toolsFolder(), 'apicurio');

/** By pair: empty where data by the old schema can be read by the new one, else what stands against it. */
export function apicurioSays(pairs: readonly Pick<SchemaPair, 'old' | 'now'>[]): string[] {
  if (!existsSync(JARS))
    throw new Error("Apicurio's schema rules are not on this machine: `npm run servers:install` installs them.");
  const input = pairs.flatMap(({ old, now }) => [line(old), line(withoutUnsent(old, now))]).join('\n');
  const words = ['-XX:TieredStopAtLevel=1', '-cp', join(JARS, '*'), join(import.meta.dirname, 'Compatible.java')];
  const { status, stdout, stderr } = spawnSync('java', words, {
    input,
    encoding: 'utf8',
    timeout: 600_000,
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`Apicurio's rules failed:\n${stderr}`);
  return stdout.split('\n').slice(0, -1);
}

/** It knows drafts up to 7, in which what our schemas say is written in the same way. */
const line = (schema: EventSchema): string =>
  JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', ...schema });

/**
 * What the old schema says nothing of, a producer does not send; Apicurio reckons with it, and calls every new property
 * of an object that is open a narrowing. So it is asked without those that need not be there.
 */
function withoutUnsent(old: EventSchema, now: EventSchema): EventSchema {
  const sent = Object.entries(now.properties).filter(([name]) => name in old.properties || now.required.includes(name));
  return { ...now, properties: Object.fromEntries(sent) };
}

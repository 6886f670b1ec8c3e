/** What platform.schema.json says of hosts and tools follows from their registries. */
import type { Inventory } from '../compiler/ir/inventory.ts';

/** `text`, with its runtimes, their defaults and the ports of parts as the inventory has them. */
export function platformSchema(text: string, inventory: Inventory): string {
  const known = [...inventory.hosts.values()];
  const line = (value: unknown): string =>
    JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ').replace(/\[ /g, '[').replace(/ \]/g, ']');
  const runtime = {
    enum: known.map(({ name }) => name),
    description: `${known.map(({ name, description }) => `\`${name}\`: ${description}`).join('; ')}.`,
  };
  const retention = {
    runtime: Object.fromEntries(known.map(({ name, metricsRetention }) => [name, metricsRetention])),
  };
  const ports = [...inventory.ports].map(
    ([name, { usual }]) =>
      `${JSON.stringify(name)}: ${line({ $ref: 'common.schema.json#/$defs/port', default: usual })}`,
  );
  return [
    [/"runtime": \{ "enum".*?\}/, `"runtime": ${line(runtime)}`],
    [/"x-default-by": \{ "runtime": \{.*?\} \}/, `"x-default-by": ${line(retention)}`],
    [/("ports": \{\s+"description".*?"properties": \{(\s+)).*?(\n {12}\})/s, `$1${ports.join(',$2')}$3`],
  ].reduce((filled, [place, value]) => replacedOnce(filled, place as RegExp, value as string), text);
}

function replacedOnce(text: string, place: RegExp, value: string): string {
  if (!place.test(text)) throw new Error(`platform.schema.json has nothing like ${place}`);
  return text.replace(place, value);
}

import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { keyAt, valueAt } from '../link/declared.ts';
import { hostOf, partsOf } from '../link/hosts.ts';
import type { EnvironmentPorts } from '../resolve/ports.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT017: {
    severity: 'error',
    judgement: true,
    title: 'Two environments of one machine have the same port',
    why: 'Whichever starts second does not start.',
    example: 'two environments with `runtime: process` and one `port_offset`',
    fix: 'Give one of them another `port_offset`, and what states a port another one for it.',
  },
});

/** Environments of processes, and those with one `host`, fit beside each other. */
export const neighbours: Check = {
  codes,
  run: (graph) => {
    const machines = new Map<string, string[]>();
    for (const [name, { runtime, host }] of environmentsOf(graph)) {
      // Processes listen on this machine's loopback; containers that state no host may run anywhere.
      const machine = hostOf(graph, { runtime }).onLoopback ? '127.0.0.1' : host?.toLowerCase();
      if (machine !== undefined) machines.set(machine, [...(machines.get(machine) ?? []), name]);
    }
    return [...machines.values()].flatMap((names) => clashes(graph, names));
  },
};

const environmentsOf = ({ platform }: ResolvedGraph) => Object.entries(platform.value.environments);

/** One finding per environment, with what clashes first: one offset moves them all. */
function clashes(graph: ResolvedGraph, names: readonly string[]): Finding[] {
  const taken = new Map<number, { what: string; environment: string }>();
  return names.flatMap((environment) => {
    const opened = opens(graph, environment);
    const clash = [...opened].find(([port]) => taken.has(port));
    for (const [port, what] of opened) if (!taken.has(port)) taken.set(port, { what, environment });
    const other = clash && taken.get(clash[0]);
    if (!clash || !other) return [];
    const { platform } = graph;
    const path = ['environments', environment];
    const hasOffset = platform.value.environments[environment]?.port_offset !== undefined;
    return [
      finding(
        'PLT017',
        hasOffset ? valueAt(platform, ...path, 'port_offset') : keyAt(platform, ...path),
        `Environments ${other.environment} and ${environment} are on one machine, and both have port ${clash[0]}: ` +
          `${other.what} there, ${clash[1]} here.`,
        {
          help: 'give one of them another `port_offset` (or `host`), and what states a port another one for it',
          related: [{ message: 'the other environment', at: keyAt(platform, 'environments', other.environment) }],
        },
      ),
    ];
  });
}

/** Every port that an environment opens on its machine: stated, usual, or derived from a name. */
function opens(graph: ResolvedGraph, environment: string): Map<number, string> {
  const spec = graph.platform.value.environments[environment];
  const { parts, models, views } = graph.ports.get(environment) as EnvironmentPorts;
  const found = new Map<number, string>();
  if (!spec) return found;
  for (const [part, { title }] of partsOf(graph, spec)) found.set(parts[part] as number, title);
  for (const [name, { publish }] of Object.entries(spec.services ?? {}))
    if (publish !== undefined) found.set(publish, `service ${name}`);
  // In a network of their own these are reached through the proxy.
  if (hostOf(graph, spec).ownNetwork) return found;
  for (const [name, port] of models) found.set(port, `model ${name}`);
  for (const [name, port] of views) found.set(port, `the stream of ${name}`);
  return found;
}

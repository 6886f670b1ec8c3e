import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { keyAt, valueAt } from '../link/declared.ts';
import { partsOf } from '../link/hosts.ts';
import { type EnvironmentPorts, FIRST_PORT, PORTS } from '../resolve/ports.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT001: {
    severity: 'error',
    title: 'Two processes have the same port',
    why: 'The second one would not start.',
    example: 'port: 8080 for a model, while Airflow listens on it',
    fix: 'Choose another port.',
  },
  PLT014: {
    severity: 'error',
    title: 'No port is left',
    why: 'Online APIs and stream consumers get their ports from a range that all of an environment share.',
    example: `more than ${PORTS} models with serving: {online: {}}`,
    fix: 'State `port:` for some models, outside the range.',
  },
});

/** Each process of an environment has a port, and no two have the same. */
export const ports: Check = { codes, run: (graph) => [...portClashes(graph), ...withoutPort(graph)] };

/** One finding per environment: there is one range. */
function withoutPort({ platform, ports: all, models, views }: ResolvedGraph): Finding[] {
  return [...all].flatMap(([environment, ports]) => {
    const { stores } = platform.value.environments[environment] ?? {};
    const lacking = [
      ...[...models.values()]
        .filter(({ name, value }) => value.serving?.online && !ports.models.has(name))
        .map((model) => ({ what: `model ${model.name}`, at: () => keyAt(model, 'serving', 'online') })),
      ...[...views.values()]
        .filter(({ name, value }) => stores === 'servers' && value.stream && !ports.views.has(name))
        .map((view) => ({ what: `the stream of ${view.name}`, at: () => keyAt(view, 'stream') })),
    ];
    const [first, ...others] = lacking;
    if (!first) return [];
    const range = `${FIRST_PORT} to ${FIRST_PORT + PORTS - 1}`;
    const more = others.length === 0 ? '' : `, nor for ${others.length} more`;
    return [
      finding(
        'PLT014',
        first.at(),
        `No port from ${range} is left in environment ${environment} for ${first.what}${more}.`,
        {
          help: 'state `port:` for some of the models, outside that range',
        },
      ),
    ];
  });
}

function portClashes(graph: ResolvedGraph): Finding[] {
  return Object.entries(graph.platform.value.environments).flatMap(([environment, spec]) => {
    const taken = new Map<number, { what: string; at: Finding['at'] }>();
    const findings: Finding[] = [];
    const take = (port: number, what: string, at: Finding['at']) => {
      const other = taken.get(port);
      if (other)
        findings.push(
          finding('PLT001', at, `${what} has port ${port} in environment ${environment}, and so has ${other.what}.`, {
            related: [{ message: `${other.what} has it here`, at: other.at }],
          }),
        );
      else taken.set(port, { what, at });
    };
    const root = graph.platform;
    const ports: Record<string, number> = spec.ports ?? {};
    const { parts } = graph.ports.get(environment) as EnvironmentPorts;
    // Those that nobody stated first: it is the stated one that clashes with them.
    const byStated = [...partsOf(graph, spec)].sort(([a], [b]) => Number(a in ports) - Number(b in ports));
    for (const [part, { title }] of byStated) {
      const stated = ports[part];
      const at =
        stated === undefined
          ? keyAt(root, 'environments', environment)
          : valueAt(root, 'environments', environment, 'ports', part);
      take(parts[part] as number, title, at);
    }
    for (const [name, { publish }] of Object.entries(spec.services ?? {}))
      if (publish !== undefined)
        take(publish, `service ${name}`, valueAt(root, 'environments', environment, 'services', name, 'publish'));
    for (const model of graph.models.values()) {
      const online = model.value.serving?.online;
      const override = online?.overrides?.[environment]?.port;
      if (override !== undefined)
        take(override, `model ${model.name}`, valueAt(model, 'serving', 'online', 'overrides', environment, 'port'));
      else if (online?.port !== undefined)
        take(online.port, `model ${model.name}`, valueAt(model, 'serving', 'online', 'port'));
    }
    return findings;
  });
}

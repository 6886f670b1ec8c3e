import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { keyAt, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { partsOf } from '../link/hosts.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT001: {
    severity: 'error',
    title: 'Two processes have the same port',
    why: 'The second would not start.',
    example: 'port: 8080 for a model, where Airflow listens',
    fix: 'Choose another port.',
  },
});

const DEFAULTS = defaults.Platform.environments;

/** No two processes of an environment listen on one port. */
export const ports: Check = { codes, run: portClashes };

function portClashes(graph: Graph): Finding[] {
  return Object.entries(graph.platform.value.environments).flatMap(([environment, spec]) => {
    const taken = new Map<number, { what: string; at: Finding['at'] }>();
    const findings: Finding[] = [];
    const take = (port: number, what: string, at: Finding['at']) => {
      const other = taken.get(port);
      if (other)
        findings.push(
          finding('PLT001', at, `${what} has port ${port} in environment ${environment}, which is ${other.what}'s.`, {
            related: [{ message: `${other.what} has it here`, at: other.at }],
          }),
        );
      else taken.set(port, { what, at });
    };
    const root = graph.platform;
    const ports: Record<string, number> = spec.ports ?? {};
    for (const [part, { title, usual }] of partsOf(graph, spec)) {
      const stated = ports[part];
      const at =
        stated === undefined
          ? keyAt(root, 'environments', environment)
          : valueAt(root, 'environments', environment, 'ports', part);
      take(stated ?? usual + (spec.port_offset ?? DEFAULTS.port_offset), title, at);
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

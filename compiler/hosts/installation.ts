/** One environment on its host: the tools' workloads, and the files of both. */
import type { Environment, Ir } from '../ir/types.ts';
import type { Artifact } from '../render/artifact.ts';
import type { Site } from '../tools/host.ts';
import type { RuleFile } from '../tools/rule.ts';
import type { Callers, Shared, Tool } from '../tools/tool.ts';
import type { Running } from '../tools/workload.ts';
import type { HostType, Installation } from './host.ts';

/** What is the same in every environment: its files, and the rules among them. */
interface Common {
  files: readonly Artifact[];
  rules: readonly RuleFile[];
}

export function filesOf(
  host: HostType,
  tools: readonly Tool[],
  ir: Ir,
  environment: Environment,
  common: Common,
): Artifact[] {
  const site: Site = {
    ir,
    environment,
    rules: common.rules,
    host: host.open(ir, environment),
    databases: tools.flatMap(({ database }) => database ?? []),
    logs: tools.flatMap(({ logs }) => logs ?? []),
  };
  const running = runningOn(host, tools, site);
  const files = [
    ...tools.flatMap((tool) => tool.emitEnvironment?.(site, running) ?? []),
    ...running.flatMap(({ workload }) => workload[host.form]?.files?.(running) ?? []),
  ];
  const installation: Installation = {
    site,
    running,
    shared: sharedBy(tools, site),
    files: [...common.files, ...files],
    programs: new Map(tools.flatMap(({ programs }) => Object.entries(programs ?? {}))),
  };
  return [...files, ...host.emit(installation)];
}

function runningOn(host: HostType, tools: readonly Tool[], site: Site): Running[] {
  return [...(host.workloads?.(site) ?? []), ...tools.flatMap((tool) => tool.workloads?.(site) ?? [])]
    .filter((workload) => workload[host.form])
    .map((workload) => ({ workload, addresses: host.addresses(workload, site.environment) }));
}

function sharedBy(tools: readonly Tool[], site: Site) {
  const all = tools.flatMap((tool) => tool.shared?.(site) ?? []);
  return {
    variables: Object.assign({}, ...all.map(({ variables }) => variables)) as Record<string, string>,
    secretVariables: Object.assign({}, ...all.map(({ secretVariables }) => secretVariables)) as Record<string, string>,
    callers: callersBy(all),
  };
}

const callersBy = (all: readonly Shared[]): Callers => ({
  deploy: Object.assign({}, ...all.map(({ callers }) => callers?.deploy)),
  notebook: Object.assign({}, ...all.map(({ callers }) => callers?.notebook)),
});

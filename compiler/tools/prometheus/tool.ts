import { hasServers } from '../../ir/look-up.ts';
import type { Tool } from '../tool.ts';
import { live } from './live.ts';
import { ruleArtifacts } from './rule-files.ts';
import { platformFile } from './rules/platform.ts';
import { teamFile } from './rules/team.ts';
import { server } from './workloads.ts';

/** Rules and their tests, the same everywhere; what is scraped, and where, in each environment with servers. */
export const prometheus = {
  name: 'prometheus',
  metrics: { job: 'prometheus', families: [] },
  emitCommon: (_, { rules }) => ruleArtifacts(rules),
  rules: (ir) => [platformFile(ir), teamFile(ir)],
  workloads: (site) => (hasServers(site.environment) ? [server(site)] : []),
  live,
  ports: { prometheus: { title: 'Prometheus', usual: 9090 } },
  containers: () => ['prometheus'],
  volumes: ['prometheus'],
  programs: { prometheus: { title: 'Prometheus', from: "Debian's prometheus", find: { names: ['prometheus'] } } },
  install: { packages: [{ name: 'prometheus', evidence: 'promtool' }] },
} satisfies Tool;

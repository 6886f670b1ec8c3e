import type { Graph } from '../link/graph.ts';
import { folderOf, lines, said, schemaLine, yaml } from './text.ts';
import type { Proposal, Wanted } from './wanted.ts';

/** Rules to begin with; the first that the repository keeps already is taken. */
const RULES = [
  ['model', 'has(self.description)', 'A model says what it predicts.', 'add `description:`'],
  ['feature', 'has(self.description)', 'A feature says what it is.', 'add `description:`'],
  ['pipeline', 'has(self.description)', 'A pipeline says what it does.', 'add `description:`'],
  [
    'feature_view',
    'seconds(self.ttl) <= seconds("3650d")',
    'No feature is used for more than ten years.',
    'lower `ttl:`',
  ],
] as const;

export function policy(wanted: Wanted, graph: Graph): Proposal {
  const path = `${folderOf('policies', wanted)}/${wanted.name}.yaml`;
  const candidates = RULES.map(([subject, require, message, help]) => {
    const text = lines(
      schemaLine(path, 'policy', graph),
      'kind: Policy',
      `description: What everybody keeps, as ${said(wanted.name)}.`,
      'rules:',
      `  ${yaml(wanted.name)}:`,
      `    for: ${subject}`,
      `    require: '${require}'`,
      `    message: ${message}`,
      `    help: '${help}'`,
      '    severity: warning',
    );
    return new Map([[path, text]]);
  });
  return { candidates };
}

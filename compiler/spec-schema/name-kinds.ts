/** What names in specs are the names of. */

export interface NameKindRule {
  /** What it is unique in; without it, in the whole repository. */
  within?: NameKind;
  /** What stands between the two in its whole name. Default: a dot. */
  joint?: string;
}

export type NameKind =
  | 'platform'
  | 'owner'
  | 'connection'
  | 'environment'
  | 'service'
  | 'volume'
  | 'network'
  | 'secret'
  | 'entity'
  | 'join key'
  | 'feature view'
  | 'feature'
  | 'topic'
  | 'pipeline'
  | 'step'
  | 'table'
  | 'column'
  | 'model'
  | 'request field'
  | 'alias'
  | 'folder'
  | 'file'
  | 'function'
  | 'parameter'
  | 'policy'
  | 'policy rule'
  | 'monitoring spec'
  | 'alert'
  | 'dashboard'
  | 'log index'
  | 'datasource';

export const nameKinds: Record<NameKind, NameKindRule> = {
  platform: {},
  owner: {},
  connection: {},
  environment: {},
  service: { within: 'environment' },
  volume: { within: 'environment' },
  network: { within: 'environment' },
  secret: {},
  entity: {},
  'join key': { within: 'entity' },
  'feature view': {},
  feature: { within: 'feature view' },
  topic: {},
  pipeline: {},
  step: { within: 'pipeline' },
  table: {},
  column: { within: 'table' },
  model: {},
  'request field': { within: 'model' },
  alias: { within: 'model' },
  /** Of the spec. */
  folder: {},
  file: { within: 'folder', joint: '/' },
  function: { within: 'file', joint: ':' },
  parameter: { within: 'function' },
  policy: {},
  'policy rule': { within: 'policy' },
  'monitoring spec': {},
  alert: { within: 'monitoring spec' },
  dashboard: { within: 'monitoring spec' },
  'log index': { within: 'monitoring spec' },
  datasource: {},
};

export interface Name {
  kind: NameKind;
  /** Whole, unique in the repository: `view.feature`, `folder/file.py:function`. */
  name: string;
}

export const isSame = (a: Name, b: Name): boolean => a.kind === b.kind && a.name === b.name;

export function wholeName(kind: NameKind, scope: string | null, bare: string): string {
  return scope === null ? bare : `${scope}${nameKinds[kind].joint ?? '.'}${bare}`;
}

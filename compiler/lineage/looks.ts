/** How each kind of thing looks in every form: a colour and a word. */
import { calledKind } from '../plan/called.ts';
import type { Thing } from './lineage.ts';

export interface Look {
  fill: string;
  stroke: string;
}

const LOOKS: Partial<Record<Thing['kind'], Look>> = {
  connection: { fill: '#eaeef2', stroke: '#57606a' },
  table: { fill: '#eaeef2', stroke: '#57606a' },
  column: { fill: '#f6f8fa', stroke: '#57606a' },
  step: { fill: '#fff8c5', stroke: '#9a6700' },
  pipeline: { fill: '#fff1c2', stroke: '#9a6700' },
  entity: { fill: '#fbefff', stroke: '#8250df' },
  feature_view: { fill: '#ddf4ff', stroke: '#0969da' },
  feature: { fill: '#f0faff', stroke: '#0969da' },
  stream: { fill: '#ddf4ff', stroke: '#0550ae' },
  model: { fill: '#dafbe1', stroke: '#1a7f37' },
  model_feature: { fill: '#f0fff4', stroke: '#1a7f37' },
  request_field: { fill: '#f0fff4', stroke: '#1a7f37' },
  online: { fill: '#aceebb', stroke: '#116329' },
  batch: { fill: '#aceebb', stroke: '#116329' },
};
const WATCHING: Look = { fill: '#ffebe9', stroke: '#cf222e' };

export const lookOf = ({ kind }: Pick<Thing, 'kind'>): Look => LOOKS[kind] ?? WATCHING;

export const kindName = ({ kind }: Pick<Thing, 'kind'>): string =>
  kind === 'online' ? 'API' : kind === 'stream' ? 'topic of' : kind === 'batch' ? 'batch scoring' : calledKind(kind);

import type { Graph } from '../link/graph.ts';
import type { Asset } from './types.ts';

export function tableAsset(graph: Graph, table: string): Asset {
  return { name: table, uri: `mlops://${graph.platform.value.name}/tables/${table}` };
}

/** Updated when a version of the model becomes champion. */
export function championAsset(graph: Graph, model: string): Asset {
  return { name: `${model}@champion`, uri: `mlops://${graph.platform.value.name}/models/${model}` };
}

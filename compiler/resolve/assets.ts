import type { Asset } from '../ir/types.ts';
import type { Graph } from '../link/graph.ts';

export function tableAsset(graph: Graph, table: string): Asset {
  return { name: table, uri: `mlops://${graph.platform.value.name}/tables/${table}` };
}

/** Updated when a version of the model becomes champion. */
export function championAsset(graph: Graph, model: string): Asset {
  return { name: `${model}@champion`, uri: `mlops://${graph.platform.value.name}/models/${model}` };
}

import type { Pipeline } from '../../ir/types.ts';

/** The DAG's docstring, which Airflow shows as its documentation. */
export function documentation(pipeline: Pipeline): string {
  return [`${pipeline.name}: ${pipeline.description}`, provenance(pipeline)].join('\n\n');
}

function provenance({ origin, derivedFrom }: Pipeline): string {
  if (derivedFrom === null) return `The pipeline is stated in ${origin.file}.`;
  const purpose = derivedFrom.purpose === 'train' ? 'trains' : 'scores with';
  return `It ${purpose} the model ${derivedFrom.model}, and is derived from ${origin.file}.`;
}

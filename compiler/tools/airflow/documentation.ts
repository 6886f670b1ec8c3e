import type { Pipeline } from '../../ir/types.ts';

/** The DAG's docstring, which Airflow shows as its documentation. */
export function documentation(pipeline: Pipeline): string {
  const { name, description } = pipeline;
  return [description === '' ? `${name}.` : `${name}: ${description}`, provenance(pipeline)].join('\n\n');
}

function provenance({ origin, derivedFrom }: Pipeline): string {
  if (derivedFrom === null) return `Defined in ${origin.file}.`;
  const purpose = derivedFrom.purpose === 'train' ? 'trains' : 'scores with';
  return `It ${purpose} the model ${derivedFrom.model} and is derived from ${origin.file}.`;
}

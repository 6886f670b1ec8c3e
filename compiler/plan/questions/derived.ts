import type { Ir } from '../../ir/types.ts';

/** The model whose own pipeline has a step of this address; null where a spec of its own says what the step does. */
export const modelOfStep = ({ pipelines }: Ir, address: string): string | null =>
  pipelines.find(({ steps }) => steps.some((step) => step.address === address))?.derivedFrom?.model ?? null;

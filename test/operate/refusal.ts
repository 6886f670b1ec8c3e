import { OperationError } from '../../compiler/diagnostics/operation-error.ts';

/** The sentence that says why. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof OperationError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

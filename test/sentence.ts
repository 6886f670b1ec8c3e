import * as assert from 'uvu/assert';
import { OperationError } from '../compiler/diagnostics/operation-error.ts';

/** The sentence that the work fails with: for a person to read, and without the secret. */
export async function sentenceOf(work: Promise<unknown>, secret: string): Promise<string> {
  const problem = await work.then(
    () => null,
    (each: unknown) => each,
  );
  assert.instance(problem, OperationError);
  const { message } = problem as OperationError;
  assert.not.ok(message.includes(secret), message);
  assert.not.match(message, / {2}|\n|at .*\.ts/);
  return message;
}

import { OperationError } from '../../diagnostics/operation-error.ts';
import { readIfThere } from './files.ts';

/** An object of `generated/`, of which a full disk, a merge or an editor may have left anything. */
export const readGeneratedJson = (path: string): object => parseGeneratedJson(path, readIfThere(path));

/** The same, of a text that was read already; null where there is no such file. */
export function parseGeneratedJson(path: string, text: string | null): object {
  if (text === null) throw damaged(path, 'it is missing');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(path, (error as SyntaxError).message);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw damaged(path, 'it holds no JSON object');
}

export const damaged = (path: string, why: string): OperationError =>
  new OperationError(`${path} is damaged: ${why}. \`mlops compile\` writes it anew.`);

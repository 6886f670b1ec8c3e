import { main } from '../../compiler/cli.ts';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';

/** The command `mlops compile`, whose findings are the failure's text. Gives back its last line. */
export async function compile(root: string, ...words: string[]): Promise<string> {
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const exit = await main(['-C', root, 'compile', ...words], { out: print, err: print });
  const text = printed.join('').trim();
  if (exit !== 0) throw new OperationError(`The specs do not compile.\n${text}`, 1);
  return text.split('\n').at(-1) ?? '';
}

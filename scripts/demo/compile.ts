import { main } from '../../compiler/cli.ts';
import { OperationError } from '../../compiler/operate/operation-error.ts';

/** The command `mlops compile`, whose findings are the failure's text. Gives back what it wrote, in a line. */
export async function compile(root: string): Promise<string> {
  let out = '';
  let err = '';
  const exit = await main(['-C', root, 'compile'], { out: (text) => void (out += text), err: (text) => void (err += text) });
  if (exit !== 0) throw new OperationError(`The specs do not compile.\n${(out + err).trimEnd()}`, 1);
  return out.trim().split('\n').at(-1) ?? '';
}

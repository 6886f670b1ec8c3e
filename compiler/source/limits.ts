/**
 * A linear look at a spec's text before the YAML parser sees it: hostile nesting can abort the
 * whole process inside the parser, beyond any catch. It goes by YAML's own tokens, because brackets in
 * texts and comments open nothing.
 */
import { Lexer } from 'yaml';

export const MAX_BYTES = 64 * 1024;
export const MAX_DEPTH = 32;
export const MAX_KEYS = 500;
/** Findings of one code in one file: who made a thousand slips needs only the first few. */
export const MAX_REPEATED = 20;

const TOO_DEEP = `it is nested deeper than ${MAX_DEPTH} levels`;

/** Offset and reason of the first place over a limit, or null. */
export function overLimit(text: string): { offset: number; reason: string } | null {
  if (Buffer.byteLength(text) > MAX_BYTES)
    return { offset: 0, reason: `the file is larger than ${MAX_BYTES / 1024} KiB` };
  if (mostLevels(text) <= MAX_DEPTH) return null;
  const depth = new Depth();
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    if (isControl(token)) {
      depth.control(token);
      continue;
    }
    if (depth.after(token) > MAX_DEPTH) return { offset, reason: TOO_DEEP };
    offset += token.length;
  }
  return null;
}

/** No text is deeper than all its brackets, all widths of its indentation and the markers of one line together. */
function mostLevels(text: string): number {
  const widths = new Set<number>();
  let [brackets, markers] = [0, 0];
  for (const line of text.split('\n')) {
    widths.add(line.length - line.trimStart().length);
    markers = Math.max(markers, line.match(/[-?](?=\s|$)/g)?.length ?? 0);
  }
  for (const character of text) if (character === '[' || character === '{') brackets += 1;
  return brackets + widths.size + markers;
}

/** They have no text of their own: \x02 begins a document, \x18 ends a flow, \x1f says that a scalar follows. */
const isControl = (token: string): boolean => token === '\u0002' || token === '\u0018' || token === '\u001f';

/** How deep the text is at each token: open brackets, columns of indentation, and markers on the same line. */
class Depth {
  #brackets = 0;
  #indents: number[] = [];
  #markers = 0;
  #column = 0;
  #isLineStart = true;
  #isScalar = false;

  control(token: string): void {
    this.#isScalar = token === '\u001f';
  }

  after(token: string): number {
    const isScalar = this.#isScalar || token.startsWith('"') || token.startsWith("'");
    this.#isScalar = false;
    if (token === '[' || token === '{') this.#brackets += 1;
    else if ((token === ']' || token === '}') && this.#brackets > 0) this.#brackets -= 1;
    else if (this.#isLineStart && (token === '-' || token === '?')) this.#marker();
    else if (!isSpace(token) && !token.startsWith('#')) this.#content();
    this.#column =
      isScalar && token.includes('\n') ? token.length - token.lastIndexOf('\n') - 1 : this.#column + token.length;
    if (token === '\n' || token === '\r\n' || (isScalar && token.endsWith('\n'))) this.#newLine();
    return this.#brackets + this.#indents.length + this.#markers;
  }

  /** Every "- " and "? " at a line's start opens a level of its own. */
  #marker(): void {
    this.#indented();
    this.#markers += 1;
  }

  #content(): void {
    if (this.#isLineStart) this.#indented();
    this.#isLineStart = false;
  }

  #indented(): void {
    if (this.#brackets > 0 || this.#markers > 0) return;
    this.#indents = [...this.#indents.filter((each) => each < this.#column), this.#column];
  }

  #newLine(): void {
    this.#column = 0;
    this.#markers = 0;
    this.#isLineStart = true;
  }
}

const isSpace = (token: string): boolean => token.trim() === '';

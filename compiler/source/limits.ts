/**
 * A linear look at a spec's text before the YAML parser sees it: hostile nesting can abort the
 * whole process inside the parser, beyond any catch.
 */
export const MAX_BYTES = 64 * 1024;
export const MAX_DEPTH = 32;
export const MAX_KEYS = 500;

/** Offset and reason of the first place over a limit, or null. */
export function overLimit(text: string): { offset: number; reason: string } | null {
  if (Buffer.byteLength(text) > MAX_BYTES)
    return { offset: 0, reason: `the file is larger than ${MAX_BYTES / 1024} KiB` };
  let flow = 0;
  let offset = 0;
  let indents: number[] = [];
  for (const line of text.split('\n')) {
    const indent = /^[ ]*/.exec(line)?.[0].length ?? 0;
    // Every "- " and "? " at a line's start opens a level of its own.
    const markers = /^(?:[-?][ \t]+)*/.exec(line.slice(indent))?.[0].match(/[-?]/g)?.length ?? 0;
    if (line.trim() !== '') indents = [...indents.filter((each) => each < indent), indent];
    for (const character of line) {
      if (character === '[' || character === '{') flow += 1;
      else if ((character === ']' || character === '}') && flow > 0) flow -= 1;
      if (flow > MAX_DEPTH) return { offset, reason: `it is nested deeper than ${MAX_DEPTH} levels` };
    }
    if (indents.length + markers > MAX_DEPTH) return { offset, reason: `it is nested deeper than ${MAX_DEPTH} levels` };
    offset += line.length + 1;
  }
  return null;
}

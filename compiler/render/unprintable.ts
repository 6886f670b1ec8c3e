/**
 * Characters that an output never holds as they are: controls, formats (bidirectional overrides,
 * zero-width ones), private use, unassigned, lone surrogates, and every space or line break but
 * the plain ones. A reviewer could not see them, and some parsers take them for a line's end.
 */
/** Nearly every text: not worth a closer look. */
const plain = /^[ -~]*$/;
const unprintable = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** Replaces each unprintable code point of `text` by what `escapeOne` gives for it. */
export function escapeUnprintable(text: string, escapeOne: (codePoint: number) => string): string {
  if (plain.test(text)) return text;
  return text.replace(unprintable, (character) => escapeOne(character.codePointAt(0) as number));
}

export function hex(codePoint: number, digits: number): string {
  return codePoint.toString(16).padStart(digits, '0');
}

/** `text` in one line: each run of white space and unprintable characters becomes a space. */
export function oneLine(text: string): string {
  return escapeUnprintable(text, () => ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

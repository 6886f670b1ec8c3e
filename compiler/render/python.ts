import type { Encoded } from './encoded.ts';
import type { Json } from './json.ts';
import { type Expression, identifier, isExpression, literal } from './python-expression.ts';
import { inline, layOut } from './python-layout.ts';
import { escapePython } from './python-string.ts';
import { oneLine } from './unprintable.ts';
import { displayWidth, lineWidth } from './width.ts';

/** A literal, or an expression built with `python-expression.ts`, laid out as ruff would. */
export function pythonValue(value: Json | Expression): Encoded {
  const expression = isExpression(value) ? value : literal(value);
  return { inline: inline(expression), layOut: (line) => layOut(expression, line) };
}

export function pythonIdentifier(text: string): Encoded {
  return { inline: identifier(text) };
}

/** A comment: `# ` and the text, on as many lines as it takes; no line of it is without the `# `. */
export function pythonComment(text: string): Encoded {
  // Python obeys `coding: x` (PEP 263) in the first two lines, wherever it stands in a comment.
  const comment = `# ${oneLine(text).replace(/coding(?=[:=])/g, 'coding ')}`;
  return {
    inline: comment,
    layOut: ({ indent, column }) => wrap(comment, `${' '.repeat(indent)}# `, column),
  };
}

/**
 * The inside of a `"""` docstring: paragraphs, which blank lines separate, wrapped to the line width. More
 * than one line ends with a line break, for the closing quotes.
 */
export function pythonDocstring(text: string): Encoded {
  const paragraphs = text.split(/\n\s*\n/).map((paragraph) => escapeDocstring(oneLine(paragraph)));
  return {
    inline: paragraphs.join(' '),
    layOut: ({ indent, column, after }) => {
      const margin = ' '.repeat(indent);
      const [first = ''] = paragraphs;
      if (paragraphs.length === 1 && column + displayWidth(first) + after <= lineWidth) return first;
      const wrapped = paragraphs.map((text, index) => wrap(text, margin, index === 0 ? column : indent));
      return `${wrapped.join(`\n\n${margin}`)}\n${margin}`;
    },
  };
}

function escapeDocstring(text: string): string {
  return escapePython(text).replace(/^"|"(?="")|"$/g, '\\"');
}

/** Lines of at most the line width: the first starts at `column`, the others with `margin`. */
function wrap(text: string, margin: string, column: number): string {
  const lines: string[] = [];
  let line = '';
  let start = column;
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && start + displayWidth(longer) > lineWidth) {
      lines.push(line);
      start = displayWidth(margin);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join(`\n${margin}`);
}

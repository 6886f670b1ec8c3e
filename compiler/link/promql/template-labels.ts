/** The labels of its alert that a template names. Offsets are from 0, into the text. */
import { stringOf } from './literals.ts';
import { templateProblem } from './template.ts';
import { type Token, tokenAt } from './template-tokens.ts';

export interface NamedLabel {
  label: string;
  from: number;
  to: number;
}

/** None where the template cannot be read. */
export function labelsNamedIn(text: string): NamedLabel[] {
  if (templateProblem(text)) return [];
  const found: NamedLabel[] = [];
  // Behind `range` and `with` the dot is something else than the alert.
  const blocks: string[] = [];
  for (const tokens of actionsOf(text)) {
    const isAlerts = !blocks.some((word) => word !== 'if');
    found.push(...tokens.flatMap((_, index) => labelAt(tokens.slice(index, index + 3), isAlerts)));
    const word = tokens[0]?.text ?? '';
    if (['if', 'range', 'with', 'define', 'block'].includes(word)) blocks.push(word);
    if (word === 'end') blocks.pop();
  }
  return found;
}

/** What stands between each `{{` and its `}}`, without spaces. */
function actionsOf(text: string): Token[][] {
  const actions: Token[][] = [];
  for (let at = text.indexOf('{{'); at >= 0; at = text.indexOf('{{', at)) {
    const tokens: Token[] = [];
    const isComment = /^\{\{(- )?\/\*/.test(text.slice(at, at + 6));
    at += text.startsWith('{{- ', at) ? 4 : 2;
    if (isComment) {
      at = text.indexOf('*/', at);
      continue;
    }
    while (!/^(\s-)?\}\}/.test(text.slice(at, at + 4))) {
      const token = tokenAt(text, at);
      if (!token) break;
      if (token.kind !== 'space') tokens.push(token);
      at += token.text.length;
    }
    actions.push(tokens);
  }
  return actions;
}

/** `$labels.x`, `.Labels.x` or `index $labels "x"`. */
function labelAt([first, second, third]: Token[], isAlerts: boolean): NamedLabel[] {
  if (!first || !second) return [];
  const isLabels = first.text === '$labels' || (first.text === '.Labels' && isAlerts);
  if (isLabels && second.kind === 'field')
    return [{ label: second.text.slice(1), from: second.from + 1, to: second.from + second.text.length }];
  if (first.text !== 'index' || second.text !== '$labels' || third?.kind !== 'text') return [];
  const label = stringOf(third.text);
  return label === null ? [] : [{ label, from: third.from + 1, to: third.from + third.text.length - 1 }];
}

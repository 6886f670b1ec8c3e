/**
 * The templates in an alert's annotations: Go's text/template with Prometheus' functions. What Go's parser refuses,
 * Prometheus refuses with the whole file. Offsets are from 0, into the text.
 */
import { stringOf } from './literals.ts';
import type { Problem } from './problem.ts';
import { type Token, tokenAt } from './template-tokens.ts';

/** Go's own, and those of https://prometheus.io/docs/prometheus/latest/configuration/template_reference/. */
const FUNCTIONS = new Set(
  (
    'and call html index slice js len not or print printf println urlquery eq ge gt le lt ne ' +
    'query first label value sortByLabel strvalue args tmpl reReplaceAll safeHtml match title toUpper toLower ' +
    'graphLink tableLink humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp toTime ' +
    'pathPrefix externalURL parseDuration stripPort stripDomain'
  ).split(' '),
);
/** These may be called with nothing; the others then fail each time that the alert fires. */
const WITHOUT_ARGUMENT = new Set(['args', 'pathPrefix', 'externalURL', 'print', 'println']);
/** What Prometheus sets before the text. */
const VARIABLES = ['$', '$labels', '$externalLabels', '$externalURL', '$value'];

/** The first mistake, or null: what follows it cannot be judged. */
export function templateProblem(text: string): Problem | null {
  try {
    new Template(text).read();
    return null;
  } catch (problem) {
    if (problem instanceof Mistake) return problem.problem;
    throw problem;
  }
}

class Mistake extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

interface Block {
  word: string;
  from: number;
  /** How many variables were known before it. */
  known: number;
  hasElse: boolean;
}

class Template {
  readonly #text: string;
  readonly #variables = [...VARIABLES];
  readonly #blocks: Block[] = [];
  #tokens: Token[] = [];
  #end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): void {
    for (let at = this.#text.indexOf('{{'); at >= 0; at = this.#text.indexOf('{{', this.#end)) this.#action(at);
    const open = this.#blocks.at(-1);
    if (open) this.#fail(open.from, open.from + 2, `{{ ${open.word} }} is not closed.`, 'add `{{ end }}`');
  }

  #fail(from: number, to: number, message: string, help?: string): never {
    throw new Mistake({ from, to, message, ...(help === undefined ? {} : { help }) });
  }

  #action(from: number): void {
    const comment = /\{\{(?:- )?\/\*[\s\S]*?\*\/(?: -)?\}\}/y;
    comment.lastIndex = from;
    if (comment.test(this.#text)) {
      this.#end = comment.lastIndex;
      return;
    }
    this.#tokens = this.#tokensFrom(/^\{\{- /.test(this.#text.slice(from, from + 4)) ? from + 3 : from + 2, from);
    this.#statement(from);
  }

  #tokensFrom(start: number, action: number): Token[] {
    const tokens: Token[] = [];
    for (let at = start; ; ) {
      const closing = /(?: -)?\}\}/y;
      closing.lastIndex = at;
      if (closing.test(this.#text)) {
        this.#end = closing.lastIndex;
        return tokens;
      }
      if (at >= this.#text.length)
        this.#fail(action, action + 2, '{{ is not closed.', 'write two braces where it ends: `}}`');
      const token = tokenAt(this.#text, at);
      if (!token)
        this.#fail(
          at,
          at + 1,
          `'${this.#text[at]}' cannot stand here.`,
          'between {{ and }}, use names, strings and numbers',
        );
      if (token.kind !== 'space' || tokens.length > 0) tokens.push(token);
      at += token.text.length;
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[0];
  }

  #isNext(text: string): boolean {
    return this.#tokens[0]?.text === text;
  }

  #skipSpace(): void {
    while (this.#tokens[0]?.kind === 'space') this.#tokens.shift();
  }

  #statement(from: number): void {
    const word = this.#peek();
    const keyword = word?.kind === 'word' ? word.text : '';
    if (['if', 'range', 'with'].includes(keyword)) this.#open(keyword, from);
    else if (keyword === 'else') this.#otherwise(from);
    else if (keyword === 'end') this.#close(from);
    else if (keyword === 'define' || keyword === 'block' || keyword === 'template') this.#named(keyword, from);
    else if (keyword === 'break' || keyword === 'continue') this.#jump(keyword, from);
    else this.#pipeline(from);
    this.#skipSpace();
    const rest = this.#peek();
    if (rest) this.#fail(rest.from, rest.from + rest.text.length, `'${rest.text}' cannot stand here.`);
  }

  #open(word: string, from: number): void {
    this.#tokens.shift();
    this.#blocks.push({ word, from, known: this.#variables.length, hasElse: false });
    this.#pipeline(from, word === 'range');
  }

  #otherwise(from: number): void {
    this.#tokens.shift();
    const block = this.#blocks.at(-1);
    if (!block || block.hasElse || block.word === 'define' || block.word === 'block')
      this.#fail(from, from + 2, '{{ else }} belongs to an {{ if }}, {{ range }} or {{ with }}.');
    this.#variables.length = block.known;
    this.#skipSpace();
    if (this.#isNext('if') && block.word === 'if') {
      this.#tokens.shift();
      this.#pipeline(from);
    } else block.hasElse = true;
  }

  #close(from: number): void {
    this.#tokens.shift();
    const block = this.#blocks.pop();
    if (!block) this.#fail(from, from + 2, '{{ end }} closes nothing.', 'remove it');
    this.#variables.length = block.known;
  }

  #named(word: string, from: number): void {
    this.#tokens.shift();
    this.#skipSpace();
    const name = this.#tokens.shift();
    if (name?.kind !== 'text') this.#fail(from, from + 2, `{{ ${word} }} needs a name in quotes.`);
    this.#skipSpace();
    if (word === 'block' || (word === 'template' && this.#peek())) this.#pipeline(from);
    if (word === 'template') return;
    if (word === 'define' && this.#blocks.length > 0)
      this.#fail(from, from + 2, '{{ define }} stands outside of every block.');
    this.#blocks.push({ word, from, known: this.#variables.length, hasElse: false });
    // A template of its own knows nothing of what was set outside of it.
    if (word === 'define') this.#variables.length = 1;
  }

  #jump(word: string, from: number): void {
    this.#tokens.shift();
    if (!this.#blocks.some((block) => block.word === 'range'))
      this.#fail(from, from + 2, `{{ ${word} }} stands outside of {{ range }}.`);
  }

  /** `$x := a b | c d`; where variables are set, they are known from here on. */
  #pipeline(from: number, isRange = false): void {
    const set = this.#declarations(isRange);
    let stage = 0;
    for (;;) {
      this.#command(from, stage);
      stage += 1;
      this.#skipSpace();
      if (!this.#isNext('|')) break;
      this.#tokens.shift();
    }
    this.#variables.push(...set);
  }

  #declarations(isRange: boolean): string[] {
    this.#skipSpace();
    const bare = this.#tokens.filter(({ kind }) => kind !== 'space').slice(0, 4);
    const names = bare[1]?.text === ',' && isRange ? [bare[0], bare[2]] : [bare[0]];
    const sign = bare[names.length === 2 ? 3 : 1]?.text;
    if (names.some((each) => each?.kind !== 'variable') || (sign !== ':=' && sign !== '=')) return [];
    if (sign === '=') for (const each of names) this.#requireKnown(each as Token);
    for (let left = names.length === 2 ? 4 : 2; left > 0; left -= 1) {
      this.#skipSpace();
      this.#tokens.shift();
    }
    return sign === '=' ? [] : names.map((each) => each?.text ?? '');
  }

  #command(from: number, stage: number): void {
    this.#skipSpace();
    const first = this.#peek();
    let operands = 0;
    while (this.#operand()) {
      operands += 1;
      const next = this.#peek();
      if (next?.kind !== 'space') break;
      this.#skipSpace();
    }
    if (operands === 1 && stage === 0 && first?.kind === 'word') this.#requireArgument(first);
    if (operands === 0)
      this.#fail(
        first?.from ?? from,
        (first?.from ?? from) + 2,
        'A value is missing here.',
        'name one, such as $value',
      );
    if (stage > 0 && first && (first.kind === 'text' || first.kind === 'number' || first.kind === 'dot'))
      this.#fail(first.from, first.from + first.text.length, 'A function must follow |.');
  }

  #operand(): boolean {
    const token = this.#peek();
    if (!token || (token.kind === 'sign' && token.text !== '(')) return false;
    this.#tokens.shift();
    if (token.text === '(') this.#parenthesis(token);
    else if (token.kind === 'word') this.#function(token);
    else if (token.kind === 'variable') this.#requireKnown(token);
    else if (token.kind === 'text') this.#requireText(token);
    else if (token.kind === 'dot' && this.#peek()?.kind === 'field')
      this.#fail(token.from, token.from + 2, 'Two dots are not allowed here.', 'one dot is enough');
    while (this.#peek()?.kind === 'field') {
      if (token.kind === 'text' || token.kind === 'number')
        this.#fail(token.from, token.from + token.text.length, `${token.text} has no fields.`);
      this.#tokens.shift();
    }
    return true;
  }

  #parenthesis(open: Token): void {
    this.#pipeline(open.from);
    this.#skipSpace();
    if (!this.#isNext(')')) this.#fail(open.from, open.from + 1, 'This parenthesis is not closed.', 'add `)`');
    this.#tokens.shift();
  }

  #function({ text, from }: Token): void {
    if (FUNCTIONS.has(text) || ['true', 'false', 'nil'].includes(text)) return;
    throw new Mistake({
      from,
      to: from + text.length,
      message: `Prometheus' templates have no function '${text}'.`,
      ...(VARIABLES.includes(`$${text}`) ? { help: `a variable starts with a dollar sign: \`$${text}\`` } : {}),
    });
  }

  #requireArgument({ text, from }: Token): void {
    if (!FUNCTIONS.has(text) || WITHOUT_ARGUMENT.has(text)) return;
    const meant = VARIABLES.includes(`$${text}`) ? `$${text}` : null;
    this.#fail(
      from,
      from + text.length,
      `${text} is a function, but gets no arguments here.`,
      meant ? `a variable starts with a dollar sign: \`${meant}\`` : `as in \`${text} $value\``,
    );
  }

  #requireText({ text, from }: Token): void {
    const value = stringOf(text);
    if (value === null) this.#fail(from, from + text.length, 'This string has an escape that Go does not support.');
    if (text.startsWith("'") && [...value].length !== 1)
      this.#fail(from, from + text.length, 'Single quotes hold one character.', 'use double quotes');
  }

  #requireKnown({ text, from }: Token): void {
    if (this.#variables.includes(text)) return;
    this.#fail(
      from,
      from + text.length,
      `Prometheus' templates have no variable '${text}'.`,
      `there are ${VARIABLES.slice(1).join(', ')}`,
    );
  }
}

export const templateFunctions: readonly string[] = [...FUNCTIONS];

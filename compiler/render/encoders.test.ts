/** Any string, in any encoder, comes back from the language's real parser. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { anyJson, anyText } from '../test/arbitrary-text.ts';
import { askPython } from '../test/python-batch.ts';
import { runs } from '../test/runs.ts';
import { jinjaLiteral } from './jinja.ts';
import { type Json, json } from './json.ts';
import { markdownCode, markdownText } from './markdown.ts';
import { nginx, nginxWord } from './nginx.ts';
import { shellWord } from './shell.ts';
import { parseTemplate } from './template.ts';
import { oneLine } from './unprintable.ts';
import { yaml, yamlWithFragments } from './yaml.ts';

/** One batch is one process, so the samples come first and are not shrunk; another `SEED` tries others. */
function always<T>(arbitrary: fc.Arbitrary<T>, check: (values: T[]) => void): void {
  check(fc.sample(arbitrary, runs(500)));
}

function assertEach(values: unknown[], found: unknown, texts: string[]): void {
  for (const [index, value] of values.entries()) assert.equal((found as unknown[])[index], value, texts[index]);
}

test('a Python literal evaluates to its value, however deep it stands', () => {
  const template = parseTemplate<{ value: unknown }>('if True:\n    x = f(\n        {{py value}},\n    )\n', 'literal');
  always(anyJson({ lone: true }), (values) => {
    const texts = values.map((value) => template({ value }));
    const script =
      'import ast\nanswers = [ast.literal_eval(ast.parse(q).body[0].body[0].value.args[0]) for q in questions]';
    assertEach(values, askPython(script, texts), texts);
  });
});

test('a Python comment has no line that is not a comment, and states no encoding', () => {
  const template = parseTemplate<{ text: string }>('{{comment text}}\nx = 1\n', 'comment');
  always(anyText({ lone: true }), (values) => {
    const texts = values.map((text) => template({ text }));
    const script = 'import ast\nanswers = [ast.unparse(ast.parse(q.encode())) for q in questions]';
    assertEach(
      values.map(() => 'x = 1'),
      askPython(script, texts),
      texts,
    );
  });
});

test('a docstring holds its words, and the code after it stays code', () => {
  const template = parseTemplate<{ text: string }>('"""{{docstring text}}"""\nx = 1\n', 'docstring');
  always(anyText({ lone: true }), (values) => {
    const texts = values.map((text) => template({ text }));
    const script = `import ast
def parts(text):
    doc, code = ast.parse(text.encode()).body
    return [doc.value.value.split(), ast.unparse(code)]
answers = [parts(q) for q in questions]`;
    const expected = values.map((text) => [oneLine(text).split(' ').filter(Boolean), 'x = 1']);
    assertEach(expected, askPython(script, texts), texts);
  });
});

test('a shell word is one argument', () => {
  always(anyText({ lone: false }), (values) => {
    const words = values.map((text) => text.replaceAll('\0', ''));
    const found = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(shellWord).join(' ')}`], { encoding: 'utf8' });
    assert.equal(found.split('\0').slice(0, -1), words);
  });
});

test('JSON is what JSON.parse and Python read', () => {
  always(anyJson({ lone: true }), (values) => {
    const texts = values.map((value) => json(value as Json));
    assertEach(
      values,
      texts.map((text) => JSON.parse(text)),
      texts,
    );
    assertEach(values, askPython('answers = [json.loads(q) for q in questions]', texts), texts);
  });
});

test('YAML is what a YAML 1.2 parser and PyYAML read', () => {
  const plain = (value: unknown): boolean =>
    !/[0-9]e[+-]?[0-9]/.test(JSON.stringify(value).replace(/"(?:[^"\\]|\\.)*"/g, ''));
  always(anyJson({ lone: false }).filter(plain), (values) => {
    const texts = values.map((value) => yaml(value as Json));
    assertEach(
      values,
      texts.map((text) => parse(text)),
      texts,
    );
    assertEach(values, askPython('import yaml\nanswers = [yaml.safe_load(q) for q in questions]', texts), texts);
  });
});

test('Markdown text and code show what they are given, in a paragraph and in a table', () => {
  always(anyText({ lone: false }), (values) => {
    const lines = values.map(oneLine);
    const texts = lines.map(
      (line) => `x ${markdownText(line)}\n\n| a | b |\n| --- | --- |\n| x ${markdownText(line)} | y |\n`,
    );
    const script = `from markdown_it import MarkdownIt
parser = MarkdownIt("commonmark").enable("table")
def shown(text):
    inlines = [token for token in parser.parse(text) if token.type == "inline"]
    return ["".join(child.content for child in token.children) for token in inlines]
answers = [shown(q) for q in questions]`;
    assertEach(
      lines.map((line) => [`x ${line}`.trim(), 'a', 'b', `x ${line}`.trim(), 'y']),
      askPython(script, texts),
      texts,
    );
    const codes = lines.filter(Boolean);
    const found = askPython(script, codes.map(markdownCode));
    assertEach(
      codes.map((line) => [line]),
      found,
      codes,
    );
  });
});

test('Jinja renders its literal to the text', () => {
  always(anyText({ lone: false }), (values) => {
    const texts = values.map((text) => text.replace(/\r\n?/g, '\n'));
    const script = 'import jinja2\nanswers = [jinja2.Environment().from_string(q).render() for q in questions]';
    assertEach(texts, askPython(script, texts.map(jinjaLiteral)), texts);
  });
});

test('a word of nginx is one argument, which holds no variable', () => {
  assert.is(nginxWord('serving-a-1:8000'), 'serving-a-1:8000');
  assert.is(nginxWord('a; } b "c" \\ {#'), '"a; } b \\"c\\" \\\\ {#"');
  assert.is(nginxWord(''), '""');
  assert.is(nginxWord('a\n\t\u202eb'), '"a\\n\\t\ufffdb"');
  assert.throws(() => nginxWord('$host'), /holds a '\$'/);
  assert.is(nginxWord({ variable: 'host' }), '$host');
  assert.throws(() => nginxWord({ variable: 'host; x' }), /no name of a variable/);
  assert.is(nginxWord({ empty: 'caller' }), '($caller = "")');
  assert.throws(() => nginxWord({ empty: 'caller) {' }), /no name of a variable/);
  always(anyText({ lone: false }), (values) => {
    for (const text of values.filter((each) => !each.includes('$')))
      assert.is(nginx([['a', text]]).split('\n').length, 2, text);
  });
});

test('blocks of nginx are indented, and end without a semicolon', () => {
  assert.is(
    nginx([
      ['events', [['worker_connections', '1']]],
      ['http', [['server', 'x', []]]],
    ]),
    'events {\n  worker_connections 1;\n}\nhttp {\n  server x {\n  }\n}\n',
  );
});

test('fragments are merged by their names, and values stay values', () => {
  const text = yamlWithFragments({ 'x-all': { a: 'yes', list: ['1', '22:22'] }, one: { '<<': 'all', b: 'x' } });
  assert.is(text, 'x-all: &all\n  a: "yes"\n  list: ["1", "22:22"]\none:\n  <<: *all\n  b: x\n');
  assert.equal(parse(text, { merge: true }).one, { a: 'yes', list: ['1', '22:22'], b: 'x' });
  assert.equal(askPython('import yaml\nanswers = yaml.safe_load(questions)["one"]', text), {
    a: 'yes',
    list: ['1', '22:22'],
    b: 'x',
  });
});

test.run();

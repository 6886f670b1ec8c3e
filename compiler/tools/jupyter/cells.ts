import type { Json } from '../../render/json.ts';
import { escapeJson } from '../../render/json.ts';
import { loadTemplate, type Template } from '../../render/template.ts';
import { escapeUnprintable } from '../../render/unprintable.ts';
import type { NotebookContext } from './context.ts';

/** A cell of nbformat 4.5, made from a template of its own. */
export type Cell = (context: NotebookContext) => { [key: string]: Json };

export function markdownCell(name: string): Cell {
  const template = load(`${name}.md`);
  return (context) => ({ cell_type: 'markdown', id: `about-${name}`, metadata: {}, source: lines(template(context)) });
}

export function codeCell(name: string): Cell {
  const template = load(`${name}.py`);
  return (context) => ({
    cell_type: 'code',
    execution_count: null,
    // Named, not counted: a cell in between changes no other cell.
    id: name,
    metadata: {},
    outputs: [],
    source: lines(template(context)),
  });
}

function load(name: string): Template<NotebookContext> {
  return loadTemplate(new URL(`./templates/${name}.hbs`, import.meta.url));
}

/** Jupyter's way of storing text: a list of lines, each with its line break but the last. */
function lines(text: string): string[] {
  return text.trimEnd().split(/(?<=\n)/);
}

export function notebookJson(cells: Cell[], context: NotebookContext): string {
  const notebook = {
    cells: cells.map((cell) => cell(context)),
    metadata: {
      // papermill refuses a notebook without them.
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  // The layout in which Jupyter saves: opening and saving shows no difference.
  const text = JSON.stringify(notebook, null, 1);
  return `${text
    .split('\n')
    .map((line) => escapeUnprintable(line, escapeJson))
    .join('\n')}\n`;
}

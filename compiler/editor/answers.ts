/** Answers to an editor's requests, in the protocol's terms. */
import {
  type CompletionItem,
  CompletionItemKind,
  ErrorCodes,
  type Hover,
  LSPErrorCodes,
  MarkupKind,
  ResponseError,
  type TextDocumentPositionParams,
} from 'vscode-languageserver/node';
import { complete } from './complete.ts';
import { describe } from './hover.ts';
import { RenameRefused, refuseUnknown } from './rename.ts';
import { rangeOf, type Served } from './session.ts';

export function answer(served: Served): void {
  const { connection, session, today } = served;
  connection.onCompletion((asked) => completions(asked, served));
  connection.onHover((asked) => hover(asked, served));
  connection.onDefinition(({ textDocument, position }) =>
    session.places(textDocument.uri, position, ({ isDefinition }) => isDefinition),
  );
  connection.onReferences(({ textDocument, position, context }) =>
    session.places(textDocument.uri, position, ({ isDefinition }) => context.includeDeclaration || !isDefinition),
  );
  connection.onPrepareRename(({ textDocument, position }) => {
    const found = session.nameAt(textDocument.uri, position);
    return found && inSentences(async () => refuseUnknown(found)).then(() => rangeOf(found.at));
  });
  connection.onRenameRequest(({ textDocument, position, newName }) => {
    const found = session.nameAt(textDocument.uri, position);
    return found && inSentences(() => session.rename(found, newName, today())).then(unlessOutdated);
  });
  connection.onCodeAction(({ textDocument, range, context }) =>
    session.actions(textDocument.uri, range.start.line + 1, range.end.line + 1, context.only, today()),
  );
}

const ITEM_KINDS = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  name: CompletionItemKind.Reference,
} as const;

function completions(asked: TextDocumentPositionParams, { documents, session }: Served): CompletionItem[] | null {
  const document = documents.get(asked.textDocument.uri);
  const path = session.pathOf(asked.textDocument.uri);
  if (!document || path === null) return null;
  const found = complete(path, document.getText(), document.offsetAt(asked.position), session.repository.graph);
  if (!found) return null;
  const range = { start: document.positionAt(found.from), end: document.positionAt(found.to) };
  return found.items.map(({ label, insert, detail, documentation, what }) => ({
    label,
    detail,
    kind: ITEM_KINDS[what],
    textEdit: { range, newText: insert },
    ...(documentation === null ? {} : { documentation: markdown(documentation) }),
  }));
}

/** Of the name there, else of the key. */
function hover({ textDocument, position }: TextDocumentPositionParams, { documents, session }: Served): Hover | null {
  const { graph } = session.repository;
  const found = session.nameAt(textDocument.uri, position);
  const about = found && graph ? describe(found, graph) : null;
  if (found && about) return { contents: markdown(about), range: rangeOf(found.at) };
  const document = documents.get(textDocument.uri);
  const text = document && session.describeKey(textDocument.uri, document.getText(), document.offsetAt(position));
  return text ? { contents: markdown(text) } : null;
}

const markdown = (value: string) => ({ kind: MarkupKind.Markdown, value });

async function inSentences<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (problem) {
    if (problem instanceof RenameRefused) throw new ResponseError(ErrorCodes.InvalidRequest, problem.message);
    throw problem;
  }
}

function unlessOutdated<T>(result: T | null): T {
  if (result === null)
    throw new ResponseError(LSPErrorCodes.ContentModified, 'The files have changed meanwhile; ask again.');
  return result;
}

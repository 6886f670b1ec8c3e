import {
  CodeActionKind,
  CompletionItemKind,
  createConnection,
  ErrorCodes,
  MarkupKind,
  ProposedFeatures,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { complete } from './complete.ts';
import { describe } from './hover.ts';
import { RenameRefused, refuseUnknown, rename } from './rename.ts';
import { rangeOf, Session } from './session.ts';

/** Long enough for a fast typist's next key, short enough to seem immediate. */
const PAUSE = 80;

/** Ends when the editor closes the connection. */
export async function serve(root: string, today: () => string): Promise<void> {
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(process.stdin),
    new StreamMessageWriter(process.stdout),
  );
  const documents = new TextDocuments(TextDocument);
  const session = new Session(root);
  let timer: NodeJS.Timeout | undefined;
  const check = (): void => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        for (const [uri, diagnostics] of await session.check(today()))
          void connection.sendDiagnostics({ uri, diagnostics });
      } catch (problem) {
        // A bug of ours must not end the session; the next key asks again.
        connection.console.error(`The specs could not be checked: ${(problem as Error).stack ?? problem}`);
      }
    }, PAUSE);
  };
  const reload = (): void => {
    const open = documents.all().flatMap((each) => {
      const path = session.pathOf(each.uri);
      return path === null ? [] : [[path, each.getText()] as const];
    });
    session.workspace.reload(new Map(open));
    check();
  };

  connection.onInitialize(({ capabilities }) => {
    session.watches = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return {
      serverInfo: { name: 'mlops' },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        completionProvider: { triggerCharacters: ['.', ':', ' ', '[', ','] },
        hoverProvider: true,
        definitionProvider: true,
        referencesProvider: true,
        renameProvider: { prepareProvider: true },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] },
      },
    };
  });
  connection.onInitialized(() => {
    if (session.watches)
      void connection.client.register({ method: 'workspace/didChangeWatchedFiles' } as never, {
        watchers: [{ globPattern: '**/*.{yaml,yml,py}' }],
      });
    check();
  });
  connection.onDidChangeWatchedFiles(reload);
  documents.onDidChangeContent(({ document }) => {
    session.change(document.uri, document.getText());
    check();
  });
  // What was typed and not saved is gone.
  documents.onDidClose(reload);

  connection.onCompletion(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    const path = session.pathOf(textDocument.uri);
    if (!document || path === null) return null;
    const found = complete(path, document.getText(), document.offsetAt(position), session.workspace.graph);
    if (!found) return null;
    const range = { start: document.positionAt(found.from), end: document.positionAt(found.to) };
    return found.items.map(({ label, insert, detail, documentation: text, what }) => ({
      label,
      detail,
      kind: { key: CompletionItemKind.Property, value: CompletionItemKind.Value, name: CompletionItemKind.Reference }[
        what
      ],
      textEdit: { range, newText: insert },
      ...(text === null ? {} : { documentation: { kind: MarkupKind.Markdown, value: text } }),
    }));
  });
  connection.onHover(({ textDocument, position }) => {
    const found = session.nameAt(textDocument.uri, position);
    const about = found && session.workspace.graph ? describe(found, session.workspace.graph) : null;
    if (found && about) return { contents: { kind: MarkupKind.Markdown, value: about }, range: rangeOf(found.at) };
    const document = documents.get(textDocument.uri);
    const text = document
      ? session.describeKey(textDocument.uri, document.getText(), document.offsetAt(position))
      : null;
    return text === null ? null : { contents: { kind: MarkupKind.Markdown, value: text } };
  });
  connection.onDefinition(({ textDocument, position }) =>
    session.places(textDocument.uri, position, ({ isDefinition }) => isDefinition),
  );
  connection.onReferences(({ textDocument, position, context }) =>
    session.places(textDocument.uri, position, ({ isDefinition }) => context.includeDeclaration || !isDefinition),
  );
  connection.onPrepareRename(({ textDocument, position }) => {
    const found = session.nameAt(textDocument.uri, position);
    if (!found) return null;
    refusals(() => refuseUnknown(found));
    return rangeOf(found.at);
  });
  connection.onRenameRequest(({ textDocument, position, newName }) => {
    const { graph } = session.workspace;
    const found = session.nameAt(textDocument.uri, position);
    return found && graph ? session.edit(refusals(() => rename(found, newName, graph))) : null;
  });
  connection.onCodeAction(({ textDocument, range, context }) =>
    session.actions(textDocument.uri, range.start.line + 1, range.end.line + 1, context.only, today()),
  );

  documents.listen(connection);
  const ended = new Promise<void>((resolve) => {
    connection.onExit(resolve);
    process.stdin.once('end', resolve);
  });
  connection.listen();
  await ended;
  clearTimeout(timer);
}

function refusals<T>(work: () => T): T {
  try {
    return work();
  } catch (problem) {
    if (problem instanceof RenameRefused) throw new ResponseError(ErrorCodes.InvalidRequest, problem.message);
    throw problem;
  }
}

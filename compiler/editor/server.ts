/** The language server: it alone speaks the protocol. */
import {
  CodeActionKind,
  createConnection,
  type InitializeResult,
  ProposedFeatures,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { answer } from './answers.ts';
import { type Served, Session } from './session.ts';

/** Long enough for a fast typist's next key, short enough to seem immediate. */
const PAUSE = 80;

/** The library ends the process: when the editor says so, closes standard input, or is no more. */
export function serve(root: string, today: () => string): Promise<never> {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  const documents = new TextDocuments(TextDocument);
  const served: Served = { connection, documents, session: new Session(root), today };
  follow(served);
  answer(served);
  documents.listen(connection);
  connection.listen();
  return new Promise(() => {});
}

const CAPABILITIES: InitializeResult = {
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

/** Follows what is typed, saved and closed, and reports what the compiler finds. */
function follow(served: Served): void {
  const { connection, documents, session } = served;
  const check = checking(served);
  const reload = (): void => {
    reread(served);
    check();
  };
  connection.onInitialize(({ capabilities }) => {
    session.watches = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return CAPABILITIES;
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
}

/** The files on disk, with open documents as the editor has them. */
function reread({ documents, session }: Served): void {
  const open = documents.all().flatMap((each) => {
    const path = session.pathOf(each.uri);
    return path === null ? [] : [[path, each.getText()] as const];
  });
  session.repository.reload(new Map(open));
}

/** Runs a check once none was requested for a while. */
function checking({ connection, session, today }: Served): () => void {
  let timer: NodeJS.Timeout | undefined;
  const check = async (): Promise<void> => {
    try {
      for (const [uri, diagnostics] of await session.check(today()))
        void connection.sendDiagnostics({ uri, diagnostics });
    } catch (problem) {
      // A bug must not end the session; the next key asks again.
      connection.console.error(`The specs could not be checked: ${(problem as Error).stack ?? problem}`);
    }
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  };
}

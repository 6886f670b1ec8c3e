/** A client of `mlops lsp`, as an editor is one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import {
  type CodeAction,
  createProtocolConnection,
  type Diagnostic,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const ROOT = join(import.meta.dirname, '../..');

/** An editor with one repository open. */
export class Editor {
  readonly #root: string;
  readonly #isOwn: boolean;
  readonly #server: ChildProcess;
  readonly #connection: ProtocolConnection;
  readonly #texts = new Map<string, TextDocument>();
  readonly #waiting: ((sent: PublishDiagnosticsParams) => boolean)[] = [];
  readonly diagnostics = new Map<string, Diagnostic[]>();

  /** In a folder of its own, or in one that is there, and stays. */
  constructor(files: ReadonlyMap<string, string>, folder?: string) {
    this.#root = folder ?? mkdtempSync(join(tmpdir(), 'mlops-editor-'));
    this.#isOwn = folder === undefined;
    for (const [path, text] of files) this.save(path, text);
    this.#server = spawn(process.execPath, [join(ROOT, 'bin/mlops.js'), 'lsp', '--today', '2026-11-25'], {
      cwd: this.#root,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdin, stdout } = this.#server;
    if (!stdin || !stdout) throw new Error('the server has no pipes');
    this.#connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.#connection.onNotification('textDocument/publishDiagnostics', (sent: PublishDiagnosticsParams) => {
      this.diagnostics.set(sent.uri, sent.diagnostics);
      for (const [index, each] of [...this.#waiting.entries()].reverse())
        if (each(sent)) this.#waiting.splice(index, 1);
    });
    this.#connection.onRequest('client/registerCapability', () => null);
    this.#connection.listen();
  }

  save(path: string, text: string): void {
    mkdirSync(dirname(join(this.#root, path)), { recursive: true });
    writeFileSync(join(this.#root, path), text);
  }

  uri(path: string): string {
    return pathToFileURL(join(this.#root, path)).href;
  }

  pathOf(uri: string): string {
    return uri.slice(pathToFileURL(this.#root).href.length + 1);
  }

  /** The server is told whose process it must not outlive: this one's, or another's. */
  async start(processId = process.pid): Promise<void> {
    const capabilities = { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } };
    await this.#connection.sendRequest('initialize', { processId, rootUri: this.uri(''), capabilities });
    await this.#connection.sendNotification('initialized', {});
  }

  async open(path: string): Promise<void> {
    const text = readFileSync(join(this.#root, path), 'utf8');
    this.#texts.set(path, TextDocument.create(this.uri(path), 'yaml', 1, text));
    await this.#connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: this.uri(path), languageId: 'yaml', version: 1, text },
    });
  }

  #document(path: string): TextDocument {
    const document = this.#texts.get(path);
    if (!document) throw new Error(`${path} is not open`);
    return document;
  }

  /** Types `to` in the place of `from`, as one incremental change. */
  async type(path: string, from: string, to: string): Promise<void> {
    const document = this.#document(path);
    const at = document.getText().indexOf(from);
    if (at < 0) throw new Error(`${path} has no ${from}`);
    const change = { range: { start: document.positionAt(at), end: document.positionAt(at + from.length) }, text: to };
    TextDocument.update(document, [change], document.version + 1);
    await this.#connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: this.uri(path), version: document.version },
      contentChanges: [change],
    });
  }

  /** The next diagnostics of a file that are as wanted. */
  async told(path: string, wanted: (codes: string[]) => boolean): Promise<Diagnostic[]> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`nothing of the sort was told of ${path} within two minutes`)),
        120_000,
      );
      this.#waiting.push(({ uri, diagnostics }) => {
        if (uri !== this.uri(path) || !wanted(diagnostics.map(({ code }) => String(code)))) return false;
        clearTimeout(late);
        resolve(diagnostics);
        return true;
      });
    });
  }

  /** Asks about the place where `word` stands, `shift` characters behind its start. */
  async ask<T>(method: string, path: string, word: string, shift = 1, more: object = {}): Promise<T> {
    const document = this.#document(path);
    const at = document.getText().indexOf(word);
    if (at < 0) throw new Error(`${path} has no ${word}`);
    return this.#connection.sendRequest(`textDocument/${method}`, {
      textDocument: { uri: this.uri(path) },
      position: document.positionAt(at + shift),
      ...more,
    });
  }

  async actions(path: string, line: number): Promise<CodeAction[]> {
    const range = { start: { line, character: 0 }, end: { line, character: 200 } };
    return this.#connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri: this.uri(path) },
      range,
      context: { diagnostics: [] },
    });
  }

  async changed(): Promise<void> {
    await this.#connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [] });
  }

  /** The repository's files after an edit of the server's. */
  after(edit: WorkspaceEdit, files: ReadonlyMap<string, string>): Map<string, string> {
    const result = new Map(files);
    for (const [uri, edits] of Object.entries(edit.changes ?? {})) {
      const path = this.pathOf(uri);
      result.set(path, TextDocument.applyEdits(TextDocument.create(uri, 'yaml', 1, files.get(path) ?? ''), edits));
    }
    return result;
  }

  closeInput(): void {
    this.#server.stdin?.end();
  }

  /** The server's exit code once it ends by itself. */
  async ended(): Promise<number | null> {
    const { exitCode } = this.#server;
    const code =
      exitCode ??
      (await new Promise<number | null>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('the server is alive after two minutes')), 120_000);
        this.#server.once('exit', (each) => {
          clearTimeout(late);
          resolve(each);
        });
      }));
    this.#connection.dispose();
    if (this.#isOwn) rmSync(this.#root, { recursive: true });
    return code;
  }

  async stop(): Promise<number | null> {
    await this.#connection.sendRequest('shutdown');
    const ended = this.ended();
    await this.#connection.sendNotification('exit');
    return ended;
  }
}

export async function within(
  files: ReadonlyMap<string, string>,
  paths: string[],
  work: (editor: Editor) => Promise<void>,
): Promise<void> {
  const editor = new Editor(files);
  try {
    await editor.start();
    for (const path of paths) await editor.open(path);
    await work(editor);
  } finally {
    assert.is(await editor.stop(), 0);
  }
}

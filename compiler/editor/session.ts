/** What one editor has open, what is reported about it, and where names stand, in the protocol's terms. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type CodeAction,
  CodeActionKind,
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  type Location,
  type TextDocuments,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Edit, Finding, Place } from '../diagnostics/diagnostic.ts';
import { exactEdits } from '../diagnostics/fix.ts';
import type { Name } from '../spec-schema/name-kinds.ts';
import { schemaAt } from '../spec-schema/schemas.ts';
import { documentation } from './complete.ts';
import { cursorAt } from './cursor.ts';
import { findAll, findAt } from './find.ts';
import type { Found } from './names-in-python.ts';
import { refuseFindings, rename } from './rename.ts';
import { Repository } from './repository.ts';

/** What is served to one editor, and how it is reached. */
export interface Served {
  connection: Connection;
  documents: TextDocuments<TextDocument>;
  session: Session;
  today(): string;
}

interface Position {
  line: number;
  character: number;
}

export const rangeOf = (at: Place) => ({
  start: { line: at.line - 1, character: at.column - 1 },
  end: { line: at.endLine - 1, character: at.endColumn - 1 },
});

export class Session {
  readonly repository: Repository;
  watches = false;
  #findings: Finding[] = [];
  #shown = new Set<string>();

  constructor(root: string) {
    this.repository = new Repository(root);
  }

  uriOf(file: string): string {
    return pathToFileURL(join(this.repository.root, file)).href;
  }

  /** Path from the repository's root; null for what lies outside. */
  pathOf(uri: string): string | null {
    if (!uri.startsWith('file:')) return null;
    const path = fileURLToPath(uri);
    for (const root of [this.repository.root, realpathSync(this.repository.root)])
      if (path.startsWith(`${root}/`)) return path.slice(root.length + 1);
    return null;
  }

  change(uri: string, text: string): void {
    const path = this.pathOf(uri);
    if (path !== null) this.repository.change(path, text);
  }

  /** Diagnostics of each file that has some, or had. */
  async check(today: string): Promise<Map<string, Diagnostic[]>> {
    const analysis = await this.repository.analyse(today);
    // Who changed something meanwhile asks again.
    if (!analysis) return new Map();
    this.#findings = analysis.findings;
    const byFile = new Map<string, Diagnostic[]>();
    for (const file of this.#shown) byFile.set(this.uriOf(file), []);
    for (const each of this.#findings) {
      const uri = this.uriOf(each.at.file);
      byFile.set(uri, [...(byFile.get(uri) ?? []), this.#diagnostic(each)]);
    }
    this.#shown = new Set(this.#findings.map(({ at }) => at.file));
    return byFile;
  }

  #diagnostic(finding: Finding): Diagnostic {
    return {
      range: rangeOf(finding.at),
      severity: finding.severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
      code: finding.rule ?? finding.code,
      source: 'mlops',
      message: finding.help ? `${finding.message}\n${finding.help}` : finding.message,
      relatedInformation: finding.related.map(({ message, at }) => ({ message, location: this.#location(at) })),
    };
  }

  #location(at: Place): Location {
    return { uri: this.uriOf(at.file), range: rangeOf(at) };
  }

  nameAt(uri: string, { line, character }: Position): Found | null {
    const path = this.pathOf(uri);
    const { graph } = this.repository;
    return path === null || !graph ? null : findAt(graph, path, line + 1, character + 1);
  }

  places(uri: string, position: Position, wanted: (each: Found) => boolean): Location[] {
    const found = this.nameAt(uri, position);
    const { graph } = this.repository;
    return found && graph
      ? findAll(found, graph)
          .filter(wanted)
          .map(({ at }) => this.#location(at))
      : [];
  }

  /** What a key means, from the schema. */
  describeKey(uri: string, text: string, offset: number): string | null {
    const path = this.pathOf(uri);
    const cursor = cursorAt(text, offset);
    const declared = this.repository.graph?.declared.find(({ spec }) => spec.path === path);
    if (!cursor || !declared) return null;
    const word = `${cursor.typed}${/^\w*/.exec(text.slice(offset))?.[0] ?? ''}`;
    const schema = schemaAt(declared.spec.kind, cursor.part === 'key' ? [...cursor.path, word] : cursor.path);
    return schema && documentation(schema);
  }

  /** Given only where the compiler takes the result; null where something has changed before it was through. */
  async rename(name: Name, to: string, today: string): Promise<WorkspaceEdit | null> {
    const { graph } = this.repository;
    if (!graph) return null;
    const edits = rename(name, to, graph);
    const then = await this.repository.analyse(today, edits);
    if (!then) return null;
    // Where nothing is found afterwards, it does not matter what is found now.
    const now = then.findings.length === 0 ? then : await this.repository.analyse(today);
    if (!now) return null;
    refuseFindings(to, now.findings, then.findings);
    return this.edit(edits);
  }

  edit(edits: readonly Edit[]): WorkspaceEdit {
    const changes: Record<string, TextEdit[]> = {};
    const exactly = exactEdits((file) => this.repository.textOf(file));
    for (const edit of edits) {
      const exact = exactly(edit);
      if (!exact) continue;
      const uri = this.uriOf(edit.at.file);
      changes[uri] = [...(changes[uri] ?? []), { range: rangeOf(exact.at), newText: exact.to }];
    }
    return { changes };
  }

  /** Fixes of the findings on some lines, all safe ones of the file at once, and a comment that suppresses. */
  actions(uri: string, from: number, to: number, only: string[] | undefined, today: string): CodeAction[] {
    const path = this.pathOf(uri);
    const wants = (kind: string): boolean =>
      only === undefined || only.some((each) => kind === each || kind.startsWith(`${each}.`));
    const ofFile = this.#findings.filter(({ at }) => at.file === path);
    const here = ofFile.filter(({ at }) => at.line >= from && at.line <= to);
    const fixes = here.flatMap((finding): CodeAction[] =>
      finding.fix
        ? [
            {
              title: `${capital(finding.fix.title)} (${finding.code})`,
              kind: CodeActionKind.QuickFix,
              isPreferred: finding.fix.safe,
              diagnostics: [this.#diagnostic(finding)],
              edit: this.edit(finding.fix.edits),
            },
          ]
        : [],
    );
    const suppressions = here
      .filter(({ severity }) => severity === 'warning')
      .map(
        (finding): CodeAction => ({
          title: `Ignore ${finding.rule ?? finding.code} here, with a reason`,
          kind: CodeActionKind.QuickFix,
          diagnostics: [this.#diagnostic(finding)],
          edit: this.edit([this.#comment(finding, today)]),
        }),
      );
    const safe = ofFile.flatMap(({ fix }) => (fix?.safe ? fix.edits : []));
    const all: CodeAction[] =
      safe.length > 0
        ? [{ title: 'Apply all safe fixes in this file', kind: CodeActionKind.SourceFixAll, edit: this.edit(safe) }]
        : [];
    return [
      ...(wants(CodeActionKind.QuickFix) ? [...fixes, ...suppressions] : []),
      ...(wants(CodeActionKind.SourceFixAll) ? all : []),
    ];
  }

  /** Ends in a quarter of a year; the reason is left to the person, and asked for until it is there. */
  #comment({ at, code, rule }: Finding, today: string): Edit {
    const line = this.repository.textOf(at.file)?.split('\n')[at.line - 1] ?? '';
    const end = line.trimEnd().length + 1;
    const until = new Date(Date.parse(today) + 90 * 86_400_000).toISOString().slice(0, 10);
    const place = { ...at, column: end, endLine: at.line, endColumn: end };
    return { at: place, from: null, to: ` # mlops: ignore ${rule ?? code} until ${until} because ` };
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

import type { SourceFile, Sources } from '../source/read.ts';

/** One object for one text at one path, as an editor's files are: what was parsed is not parsed again. */
const known = new Map<string, SourceFile>();

function asFile(path: string, text: string): SourceFile {
  const key = `${path}\0${text}`;
  const file = known.get(key) ?? { path, bytes: Buffer.from(text), refused: null };
  known.set(key, file);
  return file;
}

/** What the reader of a repository with these files would hand on. */
export const asSources = (files: ReadonlyMap<string, string>): Sources => ({
  specs: [...files].filter(([path]) => path.endsWith('.yaml')).map(([path, text]) => asFile(path, text)),
  code: new Map([...files].filter(([path]) => path.endsWith('.py'))),
  unreadCode: new Map(),
  locks: new Map([...files].filter(([path]) => path.endsWith('.lock'))),
  carriesRuntime: false,
});

import type { Sources } from '../source/read.ts';

/** What the reader of a repository with these files would hand on. */
export const asSources = (files: ReadonlyMap<string, string>): Sources => ({
  specs: [...files]
    .filter(([path]) => path.endsWith('.yaml'))
    .map(([path, text]) => ({ path, bytes: Buffer.from(text), refused: null })),
  code: new Map([...files].filter(([path]) => path.endsWith('.py'))),
  unreadCode: new Map(),
  locks: new Map([...files].filter(([path]) => path.endsWith('.lock'))),
});

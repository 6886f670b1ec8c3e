/** What a hostile fork is made of. */
import type { GitRepository } from '../../../compiler/test/git-repository.ts';

export interface Fork {
  name: string;
  /** Puts files into the fork; `canary` is a file that must never come to be. */
  make(fork: GitRepository, canary: string): void;
  /** What GitHub would call it. */
  branch?: string;
  /** The event's, instead of the commit at the branch's end. */
  sha?(canary: string): string;
  /** Ends without a comment, with an exit code and this sentence. */
  refused?: RegExp;
  /** What the comment must say. */
  says: RegExp;
  /** Played by `npm test`, also where not all of them are. */
  always?: true;
}

export const LOUD =
  '@octocat @mlops/owners #1 </details> <img src=x onerror=alert(1)> [a](javascript:alert(1)) https://evil.example';
export const MORE = '``` ~~~ | a | **b** <!-- mlops review --> ::error::x ::set-output name=a::b';
export const PLANNED =
  /^### (Nothing changes|breaking|cannot tell|compatible|metadata|needs|no way back|created again)/m;
export const BROKEN = /^### Does not compile: \d+ error/m;

export const put =
  (path: string, text: (canary: string) => string): Fork['make'] =>
  (fork, canary) =>
    fork.write([[path, text(canary)]]);

export const shell = (canary: string): string => `#!/bin/sh\ntouch '${canary}'\nenv > '${canary}.env'\n`;

/** A tree entry that no file system would let somebody make. */
export const entry = (fork: GitRepository, mode: string, path: string, content: string): void => {
  const id = fork.feed(content, 'hash-object', '-w', '--stdin');
  fork.git('update-index', '--add', '--cacheinfo', `${mode},${id},${path}`);
};

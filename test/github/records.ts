/** What the stand-in is asked, answers, and holds of a pull request. */

export interface Asked {
  /** `issues/create-comment` */
  operation: string;
  words: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
  authorization: string | undefined;
}

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface StoredPull {
  number: number;
  head: string;
  base: string;
  author: string;
  draft?: boolean;
  /** A branch of this repository; without it, it is one of a fork, or (null) of one that was deleted. */
  branch?: string | null;
}

/** The live side of a target: the running tool is brought to what was compiled, then asked whether it is there. */

export interface LiveSide {
  /** The target's name. */
  name: string;
  /** Live sides that must be done before, where the environment has them. */
  after: readonly string[];
  /** Whether this environment has the tool. */
  isIn(live: Live): boolean;
  /**
   * Idempotent: applied twice, the second time changes nothing. Returns what it did, in a few words. Throws
   * `LiveError`.
   */
  apply(live: Live): Promise<string>;
  /** Asks the tool itself. Returns what it found, in a few words; throws `LiveError` where something is not there. */
  check(live: Live): Promise<string>;
}

/** What a live side may use. */
export interface Live {
  environment: string;
  root: string;
  /** A file below `generated/`, as text; null where there is none. */
  read(path: string): string | null;
  /** Paths below `generated/<folder>`, sorted, relative to `generated/`. */
  list(folder: string): string[];
  /**
   * Where a process of the environment answers, such as `http://127.0.0.1:19090`; null where it has none of that name.
   */
  address(process: string): string | null;
  /**
   * `python -m mlops_runtime …` in the platform's environment: its evidence. Throws `LiveError` with its one sentence.
   */
  runtime(...command: string[]): Promise<Record<string, unknown>>;
  /** A password or other value that the environment keeps, by the name of its `${secret:NAME}`. */
  secret(name: string): string;
  /** Progress within a step. */
  note(text: string): void;
}

/** One sentence (or more) for the person who deploys: what, where, why, what to do. */
export class LiveError extends Error {}

/** A request to a tool; anything but a success is a `LiveError` that quotes the answer. */
export async function request(
  tool: string,
  address: string,
  init: RequestInit = {},
  timeoutMilliseconds = 10_000,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(address, { ...init, signal: AbortSignal.timeout(timeoutMilliseconds) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new LiveError(`${tool} does not answer at ${address} (${cause}). \`mlops status\` shows what runs.`);
  }
  const text = await response.text();
  if (!response.ok)
    throw new LiveError(
      `${tool} answered ${response.status} to ${init.method ?? 'GET'} ${address}: ${text.slice(0, 500)}`,
    );
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

/** Asks until `attempt` gives no problem; the last problem becomes the error. */
export async function eventually(seconds: number, attempt: () => Promise<string | null>): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ; await new Promise((resolve) => setTimeout(resolve, 300))) {
    const problem = await attempt();
    if (problem === null) return;
    if (Date.now() > end) throw new LiveError(problem);
  }
}

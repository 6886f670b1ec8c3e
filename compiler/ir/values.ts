/** What objects of the IR are made of. */

/** One type system for columns, features, model inputs and requests; each tool has its own spelling. */
export type ScalarType = 'bool' | 'int32' | 'int64' | 'float32' | 'float64' | 'string' | 'timestamp';

/** Where in the specs an object was declared. Lines and files move, so this is no part of what is compared. */
export interface Origin {
  file: string;
  /** Position in the file's value, such as `features/last_delay`; empty for all of it. */
  path: string;
  line: number;
}

/** What every object of the IR has. */
export interface Addressed {
  /** Its permanent name, such as `feature_view/plane_delays/feature/last_delay`. */
  address: string;
  origin: Origin;
}

/** What was announced of something that will go. */
export interface Deprecation {
  /** Last day on which it is there, as YYYY-MM-DD. */
  until: string;
  /** What takes its place, by its whole name; null where nothing does. */
  use: string | null;
}

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/**
 * A number as text, where JavaScript's own would be another: a whole number beyond 53 bits, a float without decimals.
 * It stands for a number wherever one may stand; what writes JSON or Python takes its text.
 */
export class ExactNumber extends Number {
  readonly #text: string;

  constructor(text: string) {
    super(text);
    this.#text = text;
  }

  override toString(): string {
    return this.#text;
  }

  /** For digests, where 1 and 1.0 differ. */
  toJSON(): string {
    return this.#text;
  }
}

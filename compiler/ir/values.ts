/** What objects of the IR are made of. */

/** One type system for columns, features, model inputs and requests; each target has its spelling. */
export type ScalarType = 'bool' | 'int32' | 'int64' | 'float32' | 'float64' | 'string' | 'timestamp';

/** Where in the specs a thing was declared; generated files name it in a comment. */
export interface Origin {
  file: string;
  line: number;
}

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

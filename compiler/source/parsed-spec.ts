import type { Document, LineCounter } from 'yaml';

/** A spec as parsed: its value, and the document that knows where each part of it stands. */
export interface ParsedSpec {
  path: string;
  text: string;
  document: Document;
  lines: LineCounter;
  /** Plain value; whatever could be read, also where there were findings. */
  value: unknown;
  /** False when a finding of this stage says that the value is not to be trusted. */
  sound: boolean;
}

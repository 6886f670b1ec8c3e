import { stripVTControlCharacters } from 'node:util';
import { printable } from './printable.ts';

/** A line of somebody else's output: colours are taken out, and nothing in it moves the cursor or ends the line. */
export const shown = (line: string): string => printable(stripVTControlCharacters(line));

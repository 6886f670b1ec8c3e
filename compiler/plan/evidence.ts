/** What somebody measured, as a file says it: `{"rows": {"flights": 336776}}`. */
import type { Facts } from './types.ts';

/** A text where it is not what it must be: the end of a sentence that begins with the file's name. */
export function evidenceIn(text: string): Facts | string {
  const value = parsed(text);
  if (!isObject(value)) return 'is not a JSON object such as {"rows": {"flights": 336776}}';
  const [other] = Object.keys(value).filter((key) => key !== 'rows');
  if (other !== undefined) return `holds '${other}', and only 'rows' is known: a number by the name of its table`;
  const { rows = {} } = value;
  if (!isObject(rows)) return "holds 'rows', which must be a number by the name of its table";
  for (const [table, count] of Object.entries(rows))
    if (!Number.isSafeInteger(count) || Number(count) < 0)
      return `says that the table '${table}' has ${JSON.stringify(count)} rows, which is no number of rows`;
  return { rows: rows as Record<string, number> };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

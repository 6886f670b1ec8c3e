export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A value as messages show it. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  const text = String(value);
  return typeof value === 'string' ? `'${text.length > 60 ? `${text.slice(0, 57)}…` : text}'` : text;
}

/** What a value of a schema's type is called. */
const types: Record<string, string> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
};

export const typeInWords = (type: string): string => types[type] ?? type;

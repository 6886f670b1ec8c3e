/**
 * A string of rsyslog's configuration language: in double quotes, where a backslash escapes and a dollar sign would
 * expand.
 */
export const rsyslogString = (text: string): string => {
  if (/[\r\n\0]/.test(text)) throw new Error(`a string of rsyslog has one line: ${JSON.stringify(text)}`);
  return `"${text.replaceAll(/[\\"$]/g, (character) => `\\${character}`)}"`;
};

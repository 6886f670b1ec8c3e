/** Underscores are no part of a host name. */
export const containerOf = (name: string): string => name.replaceAll('_', '-');

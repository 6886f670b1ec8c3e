/** What only the machine knows, and the supervisor fills in: `${root}` and so on, see docs/contracts.md. */
const placeholder = (name: string): string => `\${${name}}`;

export const root = placeholder('root');
export const state = placeholder('state');
export const bin = placeholder('bin');
export const python = placeholder('python');

/** Random, 43 characters of base64url, made once for each state folder. */
export const secret = (name: string): string => placeholder(`secret:${name}`);

/** The program of a server, wherever it is on this machine; `mlops up` names those that are missing. */
export const tool = (name: string): string => placeholder(`tool:${name}`);

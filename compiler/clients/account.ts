/** The platform's accounts of a tool: each has a password of its own, which is made once for each environment. */

export interface LogIn {
  user: string;
  password: string;
}

export const secretOfAccount = (tool: string, account: string): string => `${tool}-${account}`;

/** What the runtime has the password in, or with `_FILE` the place of its file. */
export const passwordVariable = (tool: string, account: string): string =>
  `MLOPS_${tool}_PASSWORD_${account}`.toUpperCase();

/** Who starts the platform's Python beside what runs: this compiler's verbs, and a person at work in a notebook. */
export type Caller = 'deploy' | 'notebook';

/** What this compiler asks a tool as, when it deploys, runs and follows. */
export const DEPLOYER = 'deploy';

export const logInOf = (tool: string, account: string, secret: (name: string) => string): LogIn => ({
  user: account,
  password: secret(secretOfAccount(tool, account)),
});

/** As HTTP has it by itself. */
export const basicHeaders = ({ user, password }: LogIn): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

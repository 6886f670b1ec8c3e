/** Who may do what in Airflow, by the roles of its simple auth manager, on which `environment/logins.py` stands. */
import { DEPLOYER, passwordVariable, secretOfAccount } from '../../clients/account.ts';

/** For people, on its pages. */
export const PERSON = 'admin';

/** What deploys starts, pauses and clears runs; the monitor only reads. */
const ROLES: Record<string, string> = { [PERSON]: 'admin', [DEPLOYER]: 'user', monitor: 'viewer' };

export const users = Object.entries(ROLES)
  .map(([account, role]) => `${account}:${role}`)
  .join(',');

/** Only the API server gets all of them. */
export const passwords: Record<string, string> = Object.fromEntries(
  Object.keys(ROLES).map((account) => [passwordVariable('airflow', account), secretOfAccount('airflow', account)]),
);

export const logIn = { user: PERSON, secret: secretOfAccount('airflow', PERSON) };

/** MLflow's accounts, for whatever asks it. What each may do stands in the runtime's `servers/mlflow_roles.py`. */
import { DEPLOYER, secretOfAccount } from '../clients/account.ts';
import type { Host } from './host.ts';
import type { Callers } from './tool.ts';

/** `admin` is for people; of the others, each workload has the one that it is named with, and no other. */
export const TRACKING_ACCOUNTS = ['admin', 'pipelines', DEPLOYER, 'notebook', 'serving', 'monitor'] as const;
export type TrackingAccount = (typeof TRACKING_ACCOUNTS)[number];

const secretOf = (account: TrackingAccount): string => secretOfAccount('mlflow', account);

/** What MLflow's clients take by themselves, in our code and a team's; and the secret that a container needs. */
export const trackingAs = (account: TrackingAccount, host: Host) => ({
  variables: { MLFLOW_TRACKING_USERNAME: account, MLFLOW_TRACKING_PASSWORD: host.secret(secretOf(account)) },
  secrets: [secretOf(account)],
});

/** Of those whom a person starts beside what runs. */
export const callers = (host: Host): Callers => ({
  deploy: trackingAs(DEPLOYER, host).variables,
  notebook: trackingAs('notebook', host).variables,
});

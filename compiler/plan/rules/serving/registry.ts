import type { ChangeRule } from '../../../tools/change-rule.ts';
import { rule as apiAdded } from './api-added.ts';
import { rule as apiPort } from './api-port.ts';
import { rule as apiRemoved } from './api-removed.ts';
import { rule as apiTimeoutLonger } from './api-timeout-longer.ts';
import { rule as apiTimeoutShorter } from './api-timeout-shorter.ts';
import { rule as canary } from './canary.ts';
import { rule as canaryAbortLoosened } from './canary-abort-loosened.ts';
import { rule as canaryAbortTightened } from './canary-abort-tightened.ts';
import { rule as clientTimeout } from './client-timeout.ts';
import { rule as replicasFewer } from './replicas-fewer.ts';
import { rule as replicasMore } from './replicas-more.ts';
import { rule as rollout } from './rollout.ts';
import { rule as serviceAdded } from './service-added.ts';
import { rule as serviceFollows } from './service-follows.ts';
import { rule as serviceRemoved } from './service-removed.ts';
import { rule as sloLoosened } from './slo-loosened.ts';
import { rule as sloTightened } from './slo-tightened.ts';
import { rule as sloWindow } from './slo-window.ts';

export const serving: readonly ChangeRule[] = [
  apiAdded,
  apiPort,
  apiRemoved,
  apiTimeoutLonger,
  apiTimeoutShorter,
  canary,
  canaryAbortLoosened,
  canaryAbortTightened,
  clientTimeout,
  replicasFewer,
  replicasMore,
  rollout,
  serviceAdded,
  serviceFollows,
  serviceRemoved,
  sloLoosened,
  sloTightened,
  sloWindow,
];

import type { ChangeRule } from '../../../tools/change-rule.ts';
import { rule as backupWantedLater } from './backup-wanted-later.ts';
import { rule as backupWantedSooner } from './backup-wanted-sooner.ts';
import { rule as channelChanged } from './channel-changed.ts';
import { rule as channelRemoved } from './channel-removed.ts';
import { rule as containerAdded } from './container-added.ts';
import { rule as containerImage } from './container-image.ts';
import { rule as containerNetworks } from './container-networks.ts';
import { rule as containerPort } from './container-port.ts';
import { rule as containerRemoved } from './container-removed.ts';
import { rule as containerRenamed } from './container-renamed.ts';
import { rule as containerSecrets } from './container-secrets.ts';
import { rule as containerSettings } from './container-settings.ts';
import { rule as containerVolumes } from './container-volumes.ts';
import { rule as environmentAdded } from './environment-added.ts';
import { rule as environmentHost } from './environment-host.ts';
import { rule as environmentListens } from './environment-listens.ts';
import { rule as environmentPort } from './environment-port.ts';
import { rule as environmentRemoved } from './environment-removed.ts';
import { rule as environmentRenamed } from './environment-renamed.ts';
import { rule as environmentRuntime } from './environment-runtime.ts';
import { rule as environmentStores } from './environment-stores.ts';
import { rule as metricsKeptLonger } from './metrics-kept-longer.ts';
import { rule as metricsKeptShorter } from './metrics-kept-shorter.ts';
import { rule as onlineKeptLonger } from './online-kept-longer.ts';
import { rule as onlineKeptShorter } from './online-kept-shorter.ts';
import { rule as proxyKeysFewer } from './proxy-keys-fewer.ts';
import { rule as proxyKeysMore } from './proxy-keys-more.ts';
import { rule as proxyTakesLess } from './proxy-takes-less.ts';
import { rule as proxyTakesMore } from './proxy-takes-more.ts';
import { rule as proxyTls } from './proxy-tls.ts';
import { rule as secretsProvider } from './secrets-provider.ts';

export const environments: readonly ChangeRule[] = [
  channelChanged,
  channelRemoved,
  containerAdded,
  containerImage,
  containerNetworks,
  containerPort,
  containerRemoved,
  containerRenamed,
  containerSecrets,
  containerSettings,
  containerVolumes,
  environmentAdded,
  environmentHost,
  environmentListens,
  environmentPort,
  environmentRemoved,
  environmentRenamed,
  environmentRuntime,
  environmentStores,
  metricsKeptLonger,
  metricsKeptShorter,
  onlineKeptLonger,
  onlineKeptShorter,
  proxyKeysFewer,
  proxyKeysMore,
  proxyTakesLess,
  proxyTakesMore,
  proxyTls,
  backupWantedSooner,
  backupWantedLater,
  secretsProvider,
];

import type { Mount, Workload } from '../../tools/workload.ts';
import { LOGS } from '../../tools/workload.ts';
import { ROOT } from './host.ts';

/** Relative to compose.yaml. */
export const CHECKOUT = '../../..';

/** The volumes and files that a workload asks for, as Compose spells them. */
export const mountsOf = ({ container, log }: Workload, environment: string): string[] => [
  ...(log === undefined ? [] : [`${LOGS.volume}:${LOGS.folder}`]),
  ...(container?.mounts ?? []).map((mount) => spelled(mount, environment)),
];

function spelled(mount: Mount, environment: string): string {
  if ('volume' in mount) return `${mount.volume}:${mount.at}${mount.readOnly ? ':ro' : ''}`;
  if ('checkout' in mount) return `${CHECKOUT}/${mount.checkout}:${ROOT}/${mount.checkout}:ro`;
  if ('machine' in mount) return `${mount.machine}:${mount.at}:${mount.options}`;
  const own = `${environment}/`;
  const source = mount.generated.startsWith(own)
    ? `../${mount.generated.slice(own.length)}`
    : `../../${mount.generated}`;
  return `${source}:${mount.at}:ro`;
}

export const scratchOf = ({ container }: Workload): string[] =>
  (container?.scratch ?? []).map((each) =>
    typeof each === 'string' ? each : `${each.path}:mode=1777,size=${each.megabytes}m`,
  );

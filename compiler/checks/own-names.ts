import { posix } from 'node:path';
import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { NETWORKS, type Network, OWN_NETWORKS } from '../ir/environments.ts';
import type { Graph } from '../link/graph.ts';
import { type Occurrence, occurrencesIn, statedAt } from '../link/occurrences.ts';
import { servicesOf } from '../link/services.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { NameKind } from '../spec-schema/name-kinds.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({}, { SPC013: specCodes.SPC013 });

/** Names of what is the platform's own: a team's spec would get it, or write over it. */
export const ownNames: Check = {
  codes,
  run: (graph) => [...graph.declared.flatMap(occurrencesIn).flatMap((each) => reserved(each, graph)), ...mounts(graph)],
};

interface Own {
  isOwn(occurrence: Occurrence, graph: Graph): boolean;
  message(name: string): string;
  help: string;
}

/** By kind of name, wherever a schema says that one stands. */
const own: Partial<Record<NameKind, Own>> = {
  secret: {
    isOwn: ({ bare }, { inventory }) =>
      [...inventory.hosts.values()].some(
        ({ ownSecrets }) => ownSecrets !== undefined && asFile(bare).startsWith(ownSecrets),
      ),
    message: (name) => `The secret '${name}' is the platform's own by its name.`,
    help: 'choose another name: the secrets that only the platform knows begin like this one',
  },
  volume: {
    isOwn: ({ bare }, { inventory }) => inventory.volumes.includes(bare),
    message: (name) => `The platform keeps its own data in a volume '${name}'.`,
    help: 'choose another name',
  },
  network: {
    isOwn: ({ bare }) => OWN_NETWORKS.includes(bare as Network),
    message: (name) => `Only the platform's own containers are in the network '${name}'.`,
    help: `a service may join ${NETWORKS.filter((each) => !OWN_NETWORKS.includes(each)).join(', ')}`,
  },
};

/** Hyphens and underscores make no difference to whoever looks for one. */
const asFile = (name: string): string => name.replaceAll('-', '_');

function reserved(occurrence: Occurrence, graph: Graph): Finding[] {
  const rule = own[occurrence.kind];
  // A volume is told where it is declared.
  const isElsewhere = occurrence.kind === 'volume' && !occurrence.isDefinition;
  if (!rule || isElsewhere || !rule.isOwn(occurrence, graph)) return [];
  return [finding('SPC013', statedAt(occurrence), rule.message(occurrence.bare), { help: rule.help })];
}

/** What a container has there of its own. */
const OWN_PATHS = ['/run/secrets', '/proc', '/sys', '/dev'];

function mounts(graph: Graph): Finding[] {
  return servicesOf(graph).flatMap(({ stated, at }) =>
    Object.entries(stated.volumes ?? {}).flatMap(([volume, stands]) => {
      const path = posix.normalize(`/${stands}`).replace(/(.)\/$/, '$1');
      if (path !== '/' && !OWN_PATHS.some((each) => path === each || path.startsWith(`${each}/`))) return [];
      const message = `A volume cannot be mounted at ${stands}: the container has its own files there.`;
      return [finding('SPC013', at('volumes', volume), message, { help: 'choose another folder' })];
    }),
  );
}

import { posix } from 'node:path';
import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { keyAt, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { partsOf } from '../link/hosts.ts';
import type { EnvironmentSpec } from '../link/services.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes(
  {
    PLT018: {
      severity: 'error',
      title: 'The proxy is given more than its certificate',
      why: 'The proxy faces callers from outside, and gets the whole folder; it needs nothing else of this machine.',
      example: 'proxy: {tls: {dir: /etc/shop}} with secrets: {provider: file, dir: /etc/shop}',
      fix: 'Keep the certificate and its key in a folder of their own.',
    },
    PLT019: {
      severity: 'warning',
      title: 'Keys of callers travel in plain text',
      why: 'Whoever sees one request has the key of its caller.',
      example: 'proxy: {keys: [partner]} without `tls`',
      fix: 'State `tls`. Where something else speaks TLS before the proxy, a comment may suppress it.',
    },
  },
  { SPC012: specCodes.SPC012 },
);

/** What an environment states of its proxy is held by one, and gives nothing away. */
export const proxies: Check = {
  codes,
  run: (graph) =>
    Object.entries(graph.platform.value.environments).flatMap(([name, spec]) => {
      if (spec.proxy === undefined) return [];
      if (!partsOf(graph, spec).has('proxy')) return [heldByNobody(graph, name)];
      return [
        ...withAllSecrets(graph, name, spec),
        ...withMuchOfTheMachine(graph, name, spec),
        ...keysInPlainText(graph, name, spec),
      ];
    }),
};

/** Where no proxy runs, what it would refuse is let through. */
const heldByNobody = ({ platform }: Graph, name: string): Finding =>
  finding(
    'SPC012',
    keyAt(platform, 'environments', name, 'proxy'),
    `Environment ${name} has no proxy, so nothing of 'proxy' is held there.`,
    {
      help: 'remove it, or set `runtime: compose` and `stores: servers`',
      related: [{ message: 'the runtime is set here', at: valueAt(platform, 'environments', name, 'runtime') }],
    },
  );

function withAllSecrets({ platform }: Graph, name: string, { proxy, secrets }: EnvironmentSpec): Finding[] {
  const { dir } = proxy?.tls ?? {};
  if (dir === undefined || secrets?.dir === undefined || !isAtOrBelow(secrets.dir, dir)) return [];
  return [
    finding(
      'PLT018',
      valueAt(platform, 'environments', name, 'proxy', 'tls', 'dir'),
      `The proxy of ${name} would read '${dir}' whole, with the secrets of '${secrets.dir}'.`,
      {
        help: 'keep the certificate in a folder of its own',
        related: [
          { message: 'the secrets are kept here', at: valueAt(platform, 'environments', name, 'secrets', 'dir') },
        ],
      },
    ),
  ];
}

/** Folders that every machine has for all of it: those at the root, and what the hierarchy standard shares below. */
const SHARED = [
  ...['bin', 'boot', 'dev', 'etc', 'home', 'lib', 'lib64', 'media', 'mnt', 'opt', 'proc', 'root', 'run', 'sbin', 'srv'],
  ...['sys', 'tmp', 'usr', 'usr/local', 'usr/share', 'var', 'var/lib', 'var/log', 'var/run', 'var/tmp'],
].map((path) => `/${path}`);
/** They hold no files: what is below shows the machine itself. */
const OF_THE_KERNEL = ['/dev', '/proc', '/sys'];

function withMuchOfTheMachine({ platform }: Graph, name: string, { proxy }: EnvironmentSpec): Finding[] {
  const { dir } = proxy?.tls ?? {};
  if (dir === undefined) return [];
  const isShared = SHARED.includes(plain(dir).slice(0, -1)) || OF_THE_KERNEL.some((each) => isAtOrBelow(dir, each));
  if (!isShared) return [];
  return [
    finding(
      'PLT018',
      valueAt(platform, 'environments', name, 'proxy', 'tls', 'dir'),
      `The proxy of ${name} would read '${dir}' whole, which is there for the whole machine.`,
      { help: `keep the certificate in a folder of its own, such as /etc/${platform.value.name}/tls` },
    ),
  ];
}

/** Of two absolute paths; a relative one is a folder of a checkout, which no certificate is in. */
const isAtOrBelow = (path: string, folder: string): boolean => plain(path).startsWith(plain(folder));

/** With one slash between parts, and one at the end. */
const plain = (path: string): string => `/${posix.normalize(path)}/`.replace(/\/+/g, '/');

function keysInPlainText({ platform }: Graph, name: string, { proxy }: EnvironmentSpec): Finding[] {
  if (proxy?.keys === undefined || proxy.tls !== undefined) return [];
  return [
    finding(
      'PLT019',
      keyAt(platform, 'environments', name, 'proxy', 'keys'),
      `Callers of ${name} send their keys in plain HTTP.`,
      { help: 'add `tls: {dir: FOLDER}`' },
    ),
  ];
}

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
      title: 'The proxy is given the folder of all secrets',
      why: 'The proxy faces callers from outside, gets the whole folder, and needs no other secret.',
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
      return [...withAllSecrets(graph, name, spec), ...keysInPlainText(graph, name, spec)];
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

/** Of two absolute paths; a relative one is a folder of a checkout, which no certificate is in. */
function isAtOrBelow(path: string, folder: string): boolean {
  const [inner = '', outer = ''] = [path, folder].map((each) => `${posix.normalize(each)}/`.replace(/\/+$/, '/'));
  return inner.startsWith(outer);
}

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

/** A tool that there is not, as a folder of its own would have it: it brings everything that a tool can bring. */
import type { Check } from '../../checks/check.ts';
import { defineCodes } from '../../diagnostics/codes.ts';
import { stateOf } from '../../diff/state.ts';
import { hasServers } from '../../ir/look-up.ts';
import { valueAt } from '../../link/declared.ts';
import { json } from '../../render/json.ts';
import { databaseUrl } from '../../tools/database.ts';
import { type Site, url } from '../../tools/host.ts';
import type { LiveSide } from '../../tools/live.ts';
import { lines, selector } from '../../tools/page.ts';
import { program } from '../../tools/program.ts';
import { alertFile } from '../../tools/rule.ts';
import { threshold } from '../../tools/threshold.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Workload } from '../../tools/workload.ts';

const ENTRIES = 'ledger_entries';

/** What the live side was asked for, in order. */
export const asked: string[] = [];

const live: LiveSide = {
  name: 'ledger',
  after: [],
  patience: 1,
  isIn: () => true,
  desired: async () => stateOf({ 'ledger/book/main': { pages: 2 } }),
  observe: async () => stateOf(asked.includes('apply') ? { 'ledger/book/main': { pages: 2 } } : {}),
  apply: async (_, changes) => {
    asked.push('apply');
    return { done: changes.map(({ kind, address }) => `${kind} ${address}`).join(', ') };
  },
  check: async () => 'the books are balanced',
};

const { codes, finding } = defineCodes({
  LDG001: {
    severity: 'warning',
    title: 'A book with the name of another',
    why: 'Nobody knows which is meant.',
    example: 'name: ledger',
    fix: 'Call the platform otherwise.',
  },
});

const check: Check = {
  codes,
  run: ({ platform }) =>
    platform.value.name === 'ledger' ? [finding('LDG001', valueAt(platform, 'name'), 'This is a book already.')] : [],
};

function server({ environment, host }: Site): Workload {
  const { host: interfaces, port } = host.listen('ledger');
  const file = `${environment.name}/ledger/books.json`;
  const read = {
    reads: [`generated/${file}`],
    files: () => [{ path: file, content: json({ port }), origin: environment.origin.file }],
  };
  return {
    name: 'ledger',
    port: { part: 'ledger' },
    health: { http: '/balance' },
    needs: { databases: 'completed' },
    log: 'ledger',
    metrics: { job: 'ledger' },
    variables: { LEDGER_STORE: databaseUrl(host, 'ledger', 'psycopg2') },
    program: { command: [program('ledgerd'), `--listen=${interfaces}:${port}`], ...read },
    container: {
      image: 'example.com/ledger:1.2.3',
      networks: ['data', 'monitoring'],
      probe: 'wget',
      secrets: ['postgres', 'ledger-key'],
      mounts: [
        { generated: file, at: '/etc/books.json' },
        { volume: 'books', at: '/var/lib/ledger' },
      ],
      open: 'loopback',
      megabytes: 128,
      cpus: 0.5,
      ...read,
    },
  };
}

export const ledger = {
  name: 'ledger',
  emitCommon: (ir) => [
    { path: 'common/ledger/models.json', content: json(ir.models.map(({ name }) => name)), origin: null },
  ],
  workloads: (site) => (hasServers(site.environment) ? [server(site)] : []),
  shared: ({ environment, host }) =>
    hasServers(environment) ? { variables: { LEDGER_URL: url(host.address('ledger')) } } : {},
  database: 'ledger',
  logs: 'ledger.log',
  ports: { ledger: { title: 'the ledger', usual: 9700 } },
  containers: () => ['ledger'],
  volumes: ['books'],
  programs: { ledgerd: { title: 'the ledger', from: "its makers' site", find: { names: ['ledgerd-is-not-here'] } } },
  install: { packages: [{ name: 'ledger', evidence: 'ledgerd' }] },
  metrics: { job: 'ledger', families: [{ name: ENTRIES, type: 'gauge', labels: ['book'], help: 'Entries by book.' }] },
  rules: () => [
    alertFile('ledger', 'ledger', null, [
      threshold({
        alert: 'LedgerFull',
        metric: ENTRIES,
        labels: {},
        sign: '>',
        limit: 1000,
        forSeconds: 60,
        owner: 'ops-analytics',
        subject: {},
        summary: 'The ledger is full',
        description: 'It takes no more entries.',
      }),
    ]),
  ],
  pages: () => [
    {
      kind: 'ledger',
      name: null,
      title: 'Ledger',
      description: 'What is in the books.',
      origin: null,
      links: [],
      rows: [
        {
          title: 'Books',
          panels: [
            lines({
              title: 'Entries',
              description: 'By book.',
              unit: 'short',
              queries: [{ expr: selector(ENTRIES), legend: '{{book}}' }],
            }),
          ],
        },
      ],
    },
  ],
  titles: /^Ledger$/i,
  checks: [check],
  live,
} satisfies Tool;

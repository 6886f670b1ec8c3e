import { portOf } from '../../ir/look-up.ts';
import type { Artifact } from '../../render/artifact.ts';
import type { Site } from '../host.ts';
import { IMAGES } from '../images.ts';
import { program } from '../program.ts';
import { ours, type Workload } from '../workload.ts';

type Setting = [key: string, value: string | number, why?: string];

const ONE_NODE: Setting[] = [
  ['process.roles', 'broker,controller'],
  ['node.id', 1],
];

/** There is one broker. */
const SETTINGS: Setting[] = [
  ['auto.create.topics.enable', 'false', 'A misspelt topic must be an error, not a new topic.'],
  ['default.replication.factor', 1],
  ['offsets.topic.replication.factor', 1, 'There is one broker, so everything has one copy.'],
  ['offsets.topic.num.partitions', 10],
  ['transaction.state.log.replication.factor', 1],
  ['transaction.state.log.min.isr', 1],
  ['log.flush.interval.messages', 1, 'With one copy, an acknowledged record must be on disk.'],
  ['offsets.retention.minutes', 43_200, 'A consumer that stood still for a month goes on where it was.'],
  ['group.initial.rebalance.delay.ms', 0],
];

const THREADS: Setting[] = [
  ['num.network.threads', 2],
  ['num.io.threads', 4],
];

/** On loopback, which producers of this machine reach as well. */
function onAMachine({ host }: Site): Setting[] {
  const broker = host.listen('kafka');
  const controller = host.listen('kafka_controller');
  return [
    ...ONE_NODE,
    ['controller.quorum.voters', `1@${controller.host}:${controller.port}`],
    ['controller.listener.names', 'CONTROLLER'],
    ['listeners', `PLAINTEXT://${broker.host}:${broker.port},CONTROLLER://${controller.host}:${controller.port}`],
    ['advertised.listeners', `PLAINTEXT://${broker.host}:${broker.port}`],
    ['listener.security.protocol.map', 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT'],
    ...THREADS,
    ...SETTINGS,
  ];
}

/** Producers on the host come in by a listener of their own: a client goes where the broker says that it is. */
const HOST_LISTENER = 19_092;

function inAContainer({ host, environment }: Site): Setting[] {
  const broker = host.address('kafka');
  const { port: controller } = host.address('kafka_controller');
  return [
    ...ONE_NODE,
    ['controller.quorum.voters', `1@${broker.host}:${controller}`],
    ['controller.listener.names', 'CONTROLLER'],
    ['listeners', `PLAINTEXT://:${broker.port},HOST://:${HOST_LISTENER},CONTROLLER://:${controller}`],
    [
      'advertised.listeners',
      `PLAINTEXT://${broker.host}:${broker.port},HOST://127.0.0.1:${portOf(environment.ports, 'kafka')}`,
    ],
    ['listener.security.protocol.map', 'PLAINTEXT:PLAINTEXT,HOST:PLAINTEXT,CONTROLLER:PLAINTEXT'],
    ['inter.broker.listener.name', 'PLAINTEXT'],
    ['log.dirs', DATA],
    ...SETTINGS,
  ];
}

const DATA = '/var/lib/kafka/data';

/** The image reads `KAFKA_NODE_ID` as `node.id`. */
const asVariables = (settings: Setting[]): Record<string, string> =>
  Object.fromEntries(
    settings.map(([key, value]) => [`KAFKA_${key.toUpperCase().replaceAll('.', '_')}`, String(value)]),
  );

const properties = ({ environment }: Site): string => `${environment.name}/kafka/server.properties`;

function propertiesFile(site: Site): Artifact {
  const { origin } = site.environment;
  const lines = onAMachine(site).flatMap(([key, value, why]) => [...(why ? [`# ${why}`] : []), `${key}=${value}`]);
  const header = `# Generated from ${origin.file}; do not edit. The folder of the log comes from the command line.`;
  return { path: properties(site), content: `${[header, ...lines].join('\n')}\n`, origin: origin.file };
}

const command = (site: Site, verb: 'format' | 'run'): string[] =>
  site.host.runtimeCommand(
    ...['kafka', verb, program('java'), program('kafka')],
    ...[`${site.host.root}/generated/${properties(site)}`, site.host.state('kafka')],
  );

/** Makes the log's folder the first time, and leaves it alone afterwards; the image does so itself. */
export const storage = (site: Site): Workload => ({
  name: 'kafka-storage',
  once: true,
  program: { command: command(site, 'format') },
});

/** One broker, which is its own controller. */
export const broker = (site: Site): Workload => ({
  name: 'kafka',
  port: { part: 'kafka' },
  health: 'accepts',
  needs: { 'kafka-storage': 'completed' },
  serverData: { folder: 'kafka' },
  program: {
    command: command(site, 'run'),
    reads: [`generated/${properties(site)}`],
    files: () => [propertiesFile(site)],
  },
  container: {
    image: IMAGES.kafka.image,
    hardened: { writableRoot: 'Its entrypoint writes the configuration beside the program.' },
    networks: ['data', 'events'],
    // A tool of Kafka's own would start a JVM every few seconds; `topics` asks the broker properly.
    probe: 'nc',
    variables: { KAFKA_HEAP_OPTS: '-Xms512m -Xmx768m', ...asVariables(inAContainer(site)) },
    mounts: [{ volume: 'kafka', at: DATA }],
    open: 'loopback',
    openPort: { inside: HOST_LISTENER },
    megabytes: 1536,
    cpus: 1,
    grace: 60,
  },
});

export const topics = ({ host }: Site): Workload => ({
  name: 'topics',
  once: true,
  needs: { kafka: 'healthy' },
  ...ours(host.runtimeCommand('topics'), { networks: ['data'], megabytes: 2048, cpus: 1 }),
});

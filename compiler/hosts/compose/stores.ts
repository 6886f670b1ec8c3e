/** PostgreSQL, Redis and Kafka: one node each, on a network without a way out. */
import { addressOf } from '../../ir/parts.ts';
import type { Environment } from '../../ir/types.ts';
import { images } from './images.ts';
import { own, secretFile } from './secrets.ts';
import { onLoopback, type Service, type ServiceModule, server } from './service.ts';

export const stores: ServiceModule = (_ir, environment) => ({
  postgres: postgres(),
  redis: redis(),
  ...(environment.consumers.length > 0 ? { kafka: kafka(environment) } : {}),
});

/** The settings of the process runtime, whose reasons stand there (hosts/process/postgres.ts). */
const POSTGRES = {
  max_connections: 200,
  shared_buffers: '512MB',
  work_mem: '64MB',
  max_wal_size: '2GB',
  jit: 'off',
  timezone: 'UTC',
};

function postgres(): Service {
  return server(
    {
      image: images.postgres,
      command: ['postgres', ...Object.entries(POSTGRES).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      shm_size: '256m',
    },
    {
      networks: ['data'],
      // Over TCP: while the cluster is made, a server answers on the socket alone.
      health: ['pg_isready', '--host=localhost', '--username=postgres', '--quiet'],
      memory: 4096,
      cpus: 2,
      variables: {
        POSTGRES_PASSWORD_FILE: secretFile(own.postgresAdmin),
        POSTGRES_INITDB_ARGS: '--auth=scram-sha-256 --encoding=UTF8 --locale=C --data-checksums',
      },
      secrets: [own.postgresAdmin],
      volumes: ['postgres:/var/lib/postgresql/data'],
      grace: '60s',
    },
  );
}

const REDIS = [
  '--dir',
  '/data',
  '--appendonly',
  'yes',
  '--appendfsync',
  'always',
  '--save',
  "''",
  '--maxmemory-policy',
  'noeviction',
];
const PASSWORD = secretFile(own.redis);

function redis(): Service {
  // Redis takes its password from a command line, which everybody can read, or from its configuration: so that is
  // written first.
  const configure = `sed -e 's/[\\\\"]/\\\\&/g' -e 's/.*/requirepass "&"/' ${PASSWORD} > /tmp/redis.conf`;
  return server(
    {
      image: images.redis,
      entrypoint: ['sh', '-euc', `umask 077; ${configure}; exec redis-server /tmp/redis.conf ${REDIS.join(' ')}`],
      user: 'redis',
      read_only: true,
      cap_drop: ['ALL'],
    },
    {
      networks: ['data'],
      health: ['sh', '-c', `REDISCLI_AUTH="$(cat ${PASSWORD})" redis-cli ping | grep -q PONG`],
      memory: 1024,
      cpus: 1,
      secrets: [own.redis],
      volumes: ['redis:/data'],
      tmpfs: ['/tmp'],
      grace: '30s',
    },
  );
}

/** Producers on this host come in by a listener of their own: a client goes where the broker says that it is. */
const HOST_LISTENER = 19_092;

function kafka(environment: Environment): Service {
  const { host, port } = addressOf(environment, 'kafka');
  const controller = addressOf(environment, 'kafka_controller').port;
  const settings = {
    PROCESS_ROLES: 'broker,controller',
    NODE_ID: '1',
    CONTROLLER_QUORUM_VOTERS: `1@${host}:${controller}`,
    CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    LISTENERS: `PLAINTEXT://:${port},HOST://:${HOST_LISTENER},CONTROLLER://:${controller}`,
    ADVERTISED_LISTENERS: `PLAINTEXT://${host}:${port},HOST://127.0.0.1:${environment.ports.kafka}`,
    LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,HOST:PLAINTEXT,CONTROLLER:PLAINTEXT',
    INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
    LOG_DIRS: '/var/lib/kafka/data',
    // A misspelt topic must be an error, not a new topic.
    AUTO_CREATE_TOPICS_ENABLE: 'false',
    // There is one broker, so everything has one copy, and an acknowledged record must be on disk.
    DEFAULT_REPLICATION_FACTOR: '1',
    OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    OFFSETS_TOPIC_NUM_PARTITIONS: '10',
    TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    TRANSACTION_STATE_LOG_MIN_ISR: '1',
    LOG_FLUSH_INTERVAL_MESSAGES: '1',
    OFFSETS_RETENTION_MINUTES: '43200',
    GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  };
  return server(
    { image: images.kafka },
    {
      networks: ['data', 'events'],
      // A tool of Kafka's own would start a JVM every few seconds; `topics` asks the broker properly.
      health: ['nc', '-z', 'localhost', String(port)],
      memory: 1536,
      cpus: 1,
      variables: {
        KAFKA_HEAP_OPTS: '-Xms512m -Xmx768m',
        ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`KAFKA_${name}`, value])),
      },
      volumes: ['kafka:/var/lib/kafka/data'],
      ports: [onLoopback(environment.ports.kafka, HOST_LISTENER)],
      grace: '60s',
    },
  );
}

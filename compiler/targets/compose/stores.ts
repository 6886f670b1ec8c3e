import type { Environment } from '../../ir/types.ts';
import { IMAGES } from './images.ts';
import { health, onLoopback, type Services, service } from './service.ts';

/** PostgreSQL, Redis and Kafka. Nobody but the platform's own services reaches them. */
export function stores({ ports, consumers }: Environment): Services {
  return {
    postgres: service(
      IMAGES.postgres,
      { memory: '2g', networks: ['data'] },
      {
        command: [
          'postgres',
          '-c',
          'max_connections=200',
          '-c',
          'shared_buffers=512MB',
          '-c',
          'work_mem=64MB',
          '-c',
          'max_wal_size=2GB',
          '-c',
          'jit=off',
          '-c',
          'timezone=UTC',
        ],
        environment: {
          POSTGRES_USER: 'postgres',
          POSTGRES_PASSWORD_FILE: '/run/secrets/postgres_admin',
          POSTGRES_INITDB_ARGS: '--auth=scram-sha-256 --encoding=UTF8 --locale=C --data-checksums',
        },
        secrets: ['postgres_admin'],
        volumes: ['postgres:/var/lib/postgresql/data'],
        shm_size: '256m',
        ports: [onLoopback(ports.postgres, 5432)],
        healthcheck: health(['pg_isready', '-U', 'postgres', '-h', 'postgres']),
      },
    ),
    redis: service(
      IMAGES.redis,
      { memory: '2g', networks: ['data'] },
      {
        // The password comes from a file: a command line can be read by everyone on the host.
        command: [
          'sh',
          '-c',
          'umask 077 && printf \'requirepass "%s"\\n\' "$$(cat /run/secrets/redis)" > /tmp/redis.conf && exec redis-server /tmp/redis.conf --appendonly yes --appendfsync always --save "" --maxmemory-policy noeviction --dir /data',
        ],
        secrets: ['redis'],
        volumes: ['redis:/data'],
        ports: [onLoopback(ports.redis, 6379)],
        healthcheck: health(['sh', '-c', 'REDISCLI_AUTH="$$(cat /run/secrets/redis)" redis-cli -h redis ping | grep -q PONG']),
      },
    ),
    ...(consumers.length > 0 ? { kafka: kafka() } : {}),
  };
}

/** One broker, which is its own controller; it is reached by its name inside the network only. */
function kafka() {
  return service(
    IMAGES.kafka,
    { memory: '1536m', networks: ['data'] },
    {
      environment: {
        KAFKA_NODE_ID: '1',
        KAFKA_PROCESS_ROLES: 'broker,controller',
        KAFKA_CONTROLLER_QUORUM_VOTERS: '1@kafka:9094',
        KAFKA_LISTENERS: 'PLAINTEXT://0.0.0.0:9092,CONTROLLER://0.0.0.0:9094',
        KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://kafka:9092',
        KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
        // Topics are made as they are compiled, by `topics` below.
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
        // An answer means "on disk".
        KAFKA_LOG_FLUSH_INTERVAL_MESSAGES: '1',
        KAFKA_LOG_DIRS: '/var/lib/kafka/data',
        KAFKA_HEAP_OPTS: '-Xms512m -Xmx1g',
      },
      volumes: ['kafka:/var/lib/kafka/data'],
      healthcheck: health(['/opt/kafka/bin/kafka-broker-api-versions.sh', '--bootstrap-server', 'kafka:9092'], 60),
    },
  );
}

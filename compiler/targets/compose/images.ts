/**
 * The images of tools, each by its tag. `docker compose config --resolve-image-digests` pins them by digest, too, where
 * the registry can be asked; a compiler without network cannot.
 */
export const IMAGES = {
  postgres: 'postgres:15.14-bookworm',
  redis: 'redis:7.4.5-bookworm',
  kafka: 'apache/kafka:4.1.0',
  prometheus: 'prom/prometheus:v3.5.0',
  alertmanager: 'prom/alertmanager:v0.28.1',
  nodeExporter: 'prom/node-exporter:v1.9.1',
  grafana: 'grafana/grafana:12.1.1',
  elasticsearch: 'elasticsearch:9.1.3',
  kibana: 'kibana:9.1.3',
  filebeat: 'elastic/filebeat:9.1.3',
  nginx: 'nginx:1.28.0-alpine',
  jenkins: 'jenkins/jenkins:2.516.2-lts-jdk21',
} as const;

/** Ours are built from the checkout, and named by the release that is in them. */
export const platformImage = (platform: string): string =>
  `mlops/${platform}:$` + '{MLOPS_RELEASE:?the commit, such as $$(git rev-parse --short HEAD)}';
export const notebookImage = (platform: string): string => `mlops/${platform}-notebook:$` + '{MLOPS_RELEASE:?the commit}';

/**
 * What others publish, by tag. The newest stable releases at the time of writing; where the server tests run a server,
 * its line is that of the test or newer. Digests are not known here: whoever has a registry pins them (`docker compose
 * config --resolve-image-digests`).
 */
export const images = {
  postgres: 'postgres:17.6-bookworm',
  redis: 'redis:7.4.5-bookworm',
  kafka: 'apache/kafka:4.4.0',
  proxy: 'nginx:1.28.0-alpine',
  prometheus: 'prom/prometheus:v3.5.0',
  alertmanager: 'prom/alertmanager:v0.28.1',
  nodeExporter: 'prom/node-exporter:v1.9.1',
  grafana: 'grafana/grafana:12.1.1',
  elasticsearch: 'elasticsearch:9.1.4',
  kibana: 'kibana:9.1.4',
  filebeat: 'elastic/filebeat:9.1.4',
} as const;

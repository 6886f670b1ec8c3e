import { java, javaPackages } from '../java.ts';
import type { Tool } from '../tool.ts';
import { changes } from './changes/registry.ts';
import { live } from './live.ts';
import { schemaFile, streamed, topicsFile } from './topics.ts';
import { broker, storage, topics } from './workloads.ts';

/** Where a view is streamed: topics as they must be, the schemas of what they carry, and the broker. */
export const kafka = {
  name: 'kafka',
  emitCommon: (ir) => {
    const views = streamed(ir);
    return views.length === 0 ? [] : [topicsFile(ir), ...views.map((view) => schemaFile(view, ir))];
  },
  workloads: (site) => (site.environment.consumers.length > 0 ? [storage(site), broker(site), topics(site)] : []),
  live,
  changes,
  ports: { kafka: { title: 'Kafka', usual: 9092 }, kafka_controller: { title: "Kafka's controller", usual: 9094 } },
  containers: () => ['kafka', 'topics'],
  volumes: ['kafka'],
  programs: { java, kafka: { title: 'Kafka', from: 'Maven', find: { jars: 'kafka' } } },
  install: {
    packages: javaPackages,
    jars: { folder: 'kafka', title: 'Kafka', pom: new URL('./pom.xml', import.meta.url) },
  },
} satisfies Tool;

import type { Artifact } from '../../render/artifact.ts';
import { yaml } from '../../render/yaml.ts';
import { type Site, url } from '../host.ts';
import { LOGS, type Running } from '../workload.ts';
import { dataStream, PIPELINE } from './index.ts';

/**
 * The shipper of the containers. Our services write their logs into a volume, a folder each; a line is handed over as
 * it is. The ids are for ever: under another id Filebeat would read every file again.
 */
export function filebeatFile({ environment, host }: Site, all: readonly Running[]): Artifact {
  const { name, origin } = environment;
  // What several replicas write stands in one file.
  const sources = [...new Set(all.flatMap(({ workload }) => workload.log ?? []))];
  const content = yaml({
    'filebeat.inputs': sources.map((source) => ({
      type: 'filestream',
      id: `mlops-${source.replaceAll('_', '-')}`,
      paths: [`${LOGS.folder}/${source}.log`],
      'prospector.scanner.check_interval': '5s',
    })),
    processors: [{ drop_fields: { fields: ['agent', 'input', 'host'], ignore_missing: true } }],
    'output.elasticsearch': {
      hosts: [url(host.address('elasticsearch'))],
      index: dataStream(name),
      pipeline: PIPELINE,
    },
    // `mlops deploy` installs ours.
    'setup.template.enabled': false,
    'setup.ilm.enabled': false,
    'logging.to_stderr': true,
  });
  return {
    path: `${name}/elk/filebeat.yml`,
    content: `# Generated from ${origin.file}; do not edit.\n${content}`,
    origin: origin.file,
  };
}

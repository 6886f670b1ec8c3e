import { type Address, containerOf } from '../../ir/parts.ts';
import type { Environment } from '../../ir/types.ts';
import { yaml } from '../../render/yaml.ts';
import { dataStream, PIPELINE } from './index.ts';

/**
 * The shipper of the containers. Our services write their logs into a volume, a folder each; a line is handed over as
 * it is. The ids are for ever: under another id Filebeat would read every file again.
 */
export function filebeatConfiguration(
  { name, services, consumers, origin }: Environment,
  { host, port }: Address,
): string {
  const sources = [
    ...services.map(({ model }) => `serving-${model}`),
    ...consumers.map(({ view }) => `stream-${view}`),
    'monitor',
  ];
  const content = yaml({
    'filebeat.inputs': sources.map((source) => ({
      type: 'filestream',
      id: `mlops-${containerOf(source)}`,
      paths: [`/var/log/mlops/${source}.log`],
      'prospector.scanner.check_interval': '5s',
    })),
    processors: [{ drop_fields: { fields: ['agent', 'input', 'host'], ignore_missing: true } }],
    'output.elasticsearch': {
      hosts: [`http://${host}:${port}`],
      index: dataStream(name),
      pipeline: PIPELINE,
    },
    // `mlops deploy` installs ours.
    'setup.template.enabled': false,
    'setup.ilm.enabled': false,
    'logging.to_stderr': true,
  });
  return `# Generated from ${origin.file}; do not edit.\n${content}`;
}

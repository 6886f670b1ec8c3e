import type { Artifact } from '../../render/artifact.ts';
import { rsyslogString } from '../../render/rsyslog.ts';
import type { Site } from '../host.ts';
import { dataStream, PIPELINE } from './index.ts';

/**
 * The shipper of the process host. It follows the log files of our services and hands each line over as it is; what
 * a line means is known to the ingest pipeline alone. Where the files are only the machine knows: `mlops_runtime
 * rsyslog` sets the two variables.
 */
export function rsyslogFile({ environment: { name, origin }, host, logs }: Site): Artifact {
  const index = host.address('elasticsearch');
  const content = `# Generated from ${origin.file}; do not edit.
# Only this file is read: this is not the system's own logging.
global(workDirectory=\`echo $MLOPS_RSYSLOG\` maxMessageSize="256k")

module(load="imfile" mode="inotify")
module(load="omelasticsearch")
module(load="fmhash")

# reopenOnTruncate: a log that somebody truncates is read from its start again. The position is saved only on a clean
# exit: after a crash a file is sent again, and the index refuses by id what it already has.
${logs.map(input).join('\n')}

template(name="line" type="list" option.jsonf="on") {
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
  property(outname="log.file.path" name="$!path" format="jsonf")
}

# One line, one id: what is sent again after a failure is refused as a duplicate.
template(name="id" type="string" string="%$!id%")

# No queue here: the log files are the queue. More is read only when the index has what was read before.
ruleset(name="ship" queue.type="Direct") {
  set $!path = $!metadata!filename;
  set $!id = $!metadata!fileoffset & "-" & hash64($!metadata!filename & $msg);
  action(
    type="omelasticsearch"
    server=${rsyslogString(index.host)}
    serverport=${rsyslogString(String(index.port))}
    template="line"
    searchIndex=${rsyslogString(dataStream(name))}
    searchType=""
    pipelineName=${rsyslogString(PIPELINE)}
    bulkmode="on"
    writeoperation="create"
    dynBulkId="on"
    bulkid="id"
    # While the index is away lines wait where they are.
    action.resumeRetryCount="-1"
    action.resumeInterval="2"
    errorFile=\`echo $MLOPS_RSYSLOG/refused.json\`
  )
}
`;
  return { path: `${name}/elk/rsyslog.conf`, content, origin: origin.file };
}

const input = (pattern: string): string =>
  `input(type="imfile" file=\`echo $MLOPS_LOGS/${pattern}\` tag="mlops" addMetadata="on" ruleset="ship" ` +
  'reopenOnTruncate="on" persistStateInterval="0")';

export type Severity = 'error' | 'warning';

interface Entry {
  severity: Severity;
  title: string;
  /** Why it matters, for `mlops explain`. */
  why: string;
  example: string;
  fix: string;
  /** An error about what was promised rather than what can be emitted: a team may take it on itself, for a time. */
  judgement: boolean;
}

const error = (title: string, why: string, example: string, fix: string): Entry => ({
  severity: 'error',
  title,
  why,
  example,
  fix,
  judgement: false,
});
/** An error that a team may suppress, with a reason. */
const judged = (title: string, why: string, example: string, fix: string): Entry => ({
  ...error(title, why, example, fix),
  judgement: true,
});
const warning = (title: string, why: string, example: string, fix: string): Entry => ({
  ...error(title, why, example, fix),
  severity: 'warning',
});

/** Every code, once and for ever: a code never changes its meaning and is never used again. */
export const catalog = {
  YML001: error(
    'The file is not valid YAML',
    'Nothing in the file can be read with certainty.',
    'features: {a: {type: int64}',
    'Close the bracket or quote that the message points at; indent with spaces.',
  ),
  YML002: error(
    'The file is empty',
    'An empty spec declares nothing; it is more often a lost edit than an intention.',
    '(an empty file)',
    'Write the spec, or delete the file.',
  ),
  YML003: error(
    'The file is not UTF-8',
    'The same bytes would mean different text on different machines.',
    'A file saved as Latin-1 or UTF-16.',
    'Save the file as UTF-8.',
  ),
  YML004: error(
    'The file is too large or too deep',
    'Specs are small; the limits keep a hostile pull request from stopping the compiler.',
    'A spec over 64 KiB, nested deeper than 32 levels, or with over 500 keys in one map.',
    'Split the spec.',
  ),
  YML005: error(
    'A key stands twice in one map',
    'YAML tools disagree on which of the two counts.',
    'ttl: 1d\nttl: 2d',
    'Delete one of the two.',
  ),
  YML006: error(
    'Anchors, aliases, tags and merge keys are not part of the spec language',
    'A value should be read where it stands, and aliases can make a small file enormous.',
    'a: &x 1\nb: *x',
    'Write the value out; shared settings belong to `defaults` in platform.yaml.',
  ),
  YML007: error(
    'The key is forbidden',
    'Such keys have a special meaning to programs that read the file.',
    '__proto__: {}',
    'Choose another name.',
  ),
  YML008: error(
    'The file is not read',
    'Links are not followed, so that nothing outside the repository becomes part of it.',
    'models/churn as a symbolic link to another folder',
    'Put the file itself there.',
  ),
  SPC001: error(
    'Unknown kind',
    'The kind says what the file declares.',
    'kind: Modell',
    'Use Platform, Entity, FeatureView, Pipeline or Model.',
  ),
  SPC002: error(
    'The file is in the wrong folder, or has the wrong name',
    'A spec is found by where it stands: entities and feature views below features/, pipeline.yaml below pipelines/, model.yaml below models/.',
    'features/churn.yaml with kind: Model',
    'Move or rename the file as the message says.',
  ),
  SPC003: error(
    'Unknown key',
    'A key that nothing reads is a setting that silently does nothing.',
    'freshnes: 1h',
    'Correct the key; `mlops explain` and the JSON Schemas list what is allowed.',
  ),
  SPC004: error(
    'Wrong type',
    'The value cannot mean what the field says.',
    'retries: two',
    'Give a value of the type that the message names.',
  ),
  SPC005: error(
    'A required field is missing',
    'There is no safe default for it.',
    'kind: FeatureView without ttl',
    'Add the field.',
  ),
  SPC006: error(
    'The value is not one of those allowed',
    'The field takes one of a few words.',
    'task: regresion',
    'Use one of the words that the message lists.',
  ),
  SPC007: error(
    'Invalid duration',
    'Durations carry their unit.',
    'ttl: 3',
    'Write a whole number and one of s, m, h, d, w: 90s, 15m, 2h, 7d, 4w.',
  ),
  SPC008: error(
    'Invalid value',
    'The value does not have the form that the field needs.',
    'by: two percent',
    'Write it in the form that the message shows.',
  ),
  SPC009: error(
    'Two specs have the same name',
    'One would overwrite the other in the tools.',
    'features/a/clicks.yaml and features/b/clicks.yaml',
    'Rename one, or set `name:` in it.',
  ),
  SPC010: error(
    'Invalid name',
    'Names become tables, topics, metrics and Python identifiers; not every tool takes every character.',
    'name: Carrier Delays',
    'Use lower-case letters, digits and underscores, a letter first.',
  ),
  SPC011: error(
    'There is no platform.yaml',
    'It states the environments and owners that everything else refers to.',
    'A repository without platform.yaml',
    'Create it, or run the command in the folder that holds it (-C DIR).',
  ),
  SPC012: error(
    'Two fields exclude each other, or one needs the other',
    'The spec says two things at once, or half of one.',
    'A step with both `run` and `uses`',
    'Keep one of the two, as the message says.',
  ),
  SPC013: error(
    'The name is reserved',
    'The name has a meaning of its own in Python or in a tool that the spec is compiled for.',
    'features: {class: {type: int64}}',
    'Choose another name.',
  ),
  SPC014: warning(
    'The unit looks misspelt',
    'Units are shown in dashboards, notebooks and documentation.',
    'unit: mni',
    'Correct it.',
  ),
  FEA001: error(
    'Unknown entity, feature view or feature',
    'The reference leads nowhere.',
    'entity: carier',
    'Correct the name, or declare it below features/.',
  ),
  FEA003: error(
    'A column has another type where it is written than where it is used',
    'Lookups with a key of another type find nothing, and find it silently.',
    'An entity of type int64 over a table whose column is a string',
    'Make the two types equal.',
  ),
  FEA006: warning(
    'No created timestamp',
    'Rows that arrived late leak into training rows of a time when they were not known.',
    'batch: {timestamp: observed_at}',
    'Add `created:`, the column with the moment the row was known.',
  ),
  FEA007: judged(
    'The label is used as a feature',
    'The model would be given the answer in training, and not in production.',
    'request: {dep_delay: …} with label.column dep_delay',
    'Remove it from the inputs.',
  ),
  FEA009: judged(
    'Features are stale by design',
    'The schedule of the pipeline that writes the table is slower than the freshness or TTL that the view promises.',
    'freshness: 1h on a table written once a day',
    'Run the pipeline more often, or promise less.',
  ),
  FEA011: error(
    'Two names become the same in a tool',
    'One would silently overwrite the other.',
    'Two entities with one join key but different types',
    'Rename one of them.',
  ),
  FEA016: error(
    "A view's table is written by no step, or by two",
    'There is no data, or a race.',
    'batch: {table: carrier_delay} while the step writes carrier_delays',
    'Correct the name, or add the step that writes it.',
  ),
  FEA017: error(
    "A column is spelt differently in the spec and in the step's code",
    'The step would publish a table without the column, and fail when it runs.',
    'mean_dealy in the view, mean_delay in derive.py',
    'Spell it the same in both.',
  ),
  PIP001: error(
    'A table is read that no step writes',
    'The step could never run.',
    'reads: [flihgts]',
    'Correct the name, or add the step that writes it.',
  ),
  PIP002: warning(
    'A table is written that nothing reads',
    'Work is done for nobody.',
    'writes: [scratch]',
    'Remove it, or use it.',
  ),
  PIP003: error(
    'Steps or pipelines wait for each other in a circle',
    'None of them would ever start.',
    'a needs b, b needs a',
    'Remove one of the dependencies.',
  ),
  PIP004: error(
    'Invalid schedule',
    'The cron expression or time zone cannot be read, or the expression never fires.',
    'cron: "61 * * * *"',
    'Correct it; five fields: minute, hour, day of month, month, day of week.',
  ),
  PIP006: judged(
    'Runs would pile up',
    'One attempt may take longer than the distance between two runs.',
    'timeout: 2h on an hourly schedule',
    'Lower the timeout or run less often.',
  ),
  PIP008: judged(
    'A retried step appends',
    'A retry after a half-done attempt writes rows twice.',
    'mode: append with retries: 2',
    'Use replace or overwrite_partition, or set retries: 0.',
  ),
  PIP010: judged(
    'A model is registered without a gate before it',
    'A model that failed its evaluation could go live.',
    'register without needs: gate',
    'Let `register` need a `gate` step for the same model.',
  ),
  PIP011: error(
    'The function is not there, or its parameters do not match',
    'The task would fail when it runs.',
    'run: train.py:fti',
    'Correct the name, or the parameters.',
  ),
  PIP014: error('Unknown step', 'The reference leads nowhere.', 'needs: ingets', 'Correct the name.'),
  MOD001: error(
    'Unknown table or column',
    'The model would be trained on something that is not there.',
    'label: {column: dep_dealy}',
    'Correct the name.',
  ),
  MOD005: error(
    'The promotion metric does not fit the task',
    'The metric is never computed for such a model.',
    'task: regression with metric: roc_auc',
    'Choose a metric of the task.',
  ),
  MOD006: error(
    "The monitor does not fit the model's task",
    'The metric is never computed for such a model, so its alert would stay silent for ever.',
    'task: regression with monitoring: {quality: {roc_auc: {min: 0.7}}}',
    'Choose a metric of the task.',
  ),
  MOD008: error('Unknown model', 'The reference leads nowhere.', 'model: departure_dealy', 'Correct the name.'),
  MOD009: error(
    'The label does not fit the task',
    'The metrics of the task cannot be computed from it.',
    'task: regression with a label column of type string',
    'Change the task, or choose another column.',
  ),
  SRV003: error(
    'A feature that serving needs is not online',
    'The online API could never answer.',
    'online: false on a view of a served model',
    'Bring the view online, or serve the model in batch only.',
  ),
  OBS010: error(
    'An alert reaches nobody',
    'What is on fire at night is found in the morning.',
    'an environment with servers and without `alerting`',
    'Give the environment a channel, and each owner an address on it.',
  ),
  PLT013: error(
    'A secret that Alertmanager cannot read',
    'It takes secrets from files only, and would start without this one.',
    'alerting: {slack: {secret: hook}} with secrets from environment variables',
    'Let the environment keep its secrets in files: `secrets: {provider: file, dir: FOLDER}`.',
  ),
  KAF008: error(
    'Two feature views read one topic',
    "An event holds one view's features; each consumer would send the other's events to the dead-letter topic.",
    'stream: {topic: clicks} in two views',
    'Give each view a topic of its own.',
  ),
  KAF009: error(
    'A streamed view is not online',
    'A stream is there to keep online values fresh; the history comes from the batch.',
    'online: false with stream: {topic: clicks}',
    'Remove one of the two.',
  ),
  PLT001: error(
    'Two processes have the same port',
    'The second would not start.',
    'port: 8080 for a model, where Airflow listens',
    'Choose another port.',
  ),
  PLT002: error(
    'Unknown connection',
    'The step could not reach anything.',
    'connections: [warehous]',
    'Correct the name, or declare it in platform.yaml.',
  ),
  PLT004: error(
    'A secret is written out',
    'Whoever can read the repository has it, for ever.',
    'password: hunter2',
    'Write `{secret: NAME}`, and put the value where the environment keeps secrets.',
  ),
  PLT010: error('Unknown environment', 'The override would never apply.', 'overrides: {prdo: …}', 'Correct the name.'),
  PLT011: error(
    'Unknown owner',
    'Nobody would be called when it breaks.',
    'owner: ml-platfrom',
    'Correct the name, or declare it in platform.yaml.',
  ),
  FEA002: error(
    'A feature view has no TTL',
    'Without one, a value of years ago is joined as if it were true now.',
    'ttl: 0h',
    'State `ttl`: how old a value may be and still be used.',
  ),
  FEA004: warning(
    'A join key of 32 bits',
    'Over HTTP it comes back as 64 bits, and is looked up as another key.',
    'kind: Entity with type: int32',
    'Use `type: int64`.',
  ),
  FEA005: error(
    'No event timestamp',
    'Without the moment at which a value was true, no join as of a moment is possible.',
    'batch: {created: loaded_at}',
    'State `batch.timestamp`, the column with that moment.',
  ),
  FEA008: judged(
    "A feature's window reaches into the outcome",
    'The feature sums up events that are part of what is predicted: splendid in training, useless in production.',
    'label: {timestamp: left_at, window: 30d, horizon: 1d} with a feature of the same table',
    'Make `label.horizon` at least as long as `label.window`.',
  ),
  FEA010: warning(
    'Online values vanish before their TTL',
    'Keys that get no new values are forgotten, and the model gets missing features although the view promises them.',
    'online_ttl: 1h in an environment, and ttl: 7d in a view',
    'Remove `online_ttl`, or raise it.',
  ),
  FEA012: error(
    'A streamed view without history',
    'Training has nothing to join, and an emptied online store cannot be filled again.',
    'stream: {topic: clicks} without `batch`',
    'Add `batch:` and a step that writes its table.',
  ),
  FEA015: warning(
    'A feature that no model uses',
    'It is computed, stored and watched for nobody.',
    'features: {idle: {type: int64}}',
    'Use it in a model, or remove it.',
  ),
  PIP005: warning(
    'A schedule in the hour when clocks change',
    'The run is skipped, or comes twice, on one day of the year.',
    'cron: "30 2 * * *" in Europe/Berlin',
    'Choose another hour, or `timezone: UTC`.',
  ),
  PIP007: warning(
    'A step that is never retried',
    "A moment's outage of a store fails the whole run.",
    'retries: 0 on a step that reads a table',
    'Allow some retries.',
  ),
  PIP009: judged(
    'Training begins before its data is there',
    'It reads what was published before, or half of what belongs together.',
    'train.schedule at the same minute as the pipeline that writes its tables',
    'Let training follow: `schedule: {after: [TABLE]}`.',
  ),
  PIP012: judged(
    'Catching up with a step that is not idempotent',
    'Each missed run is run again, and does its work on top of what is there.',
    'catchup: true with mode: append',
    'Remove `catchup`, or make the step idempotent.',
  ),
  PIP013: warning(
    'A setting that all siblings state is missing',
    'One of several pipelines lost a line that the others have.',
    'two pipelines with `catchup: true`, and a third without',
    'Add the setting.',
  ),
  SRV001: judged(
    'The latency objective cannot be met',
    'Its parts already take longer, so the alert would never end.',
    'latency_p99: 50ms with budget: {features: 40ms, model: 30ms}',
    'Promise more time, or make the parts faster.',
  ),
  SRV004: warning(
    'No policy for a missing feature',
    'Whether the API refuses or answers with what it has is a decision about the model.',
    'serving: {online: {}}',
    'State `missing_features: reject` or `allow`.',
  ),
  KAF003: judged(
    'A topic forgets too early',
    'What was not consumed in time, or is lost online, cannot be read again.',
    'retention: 1d with ttl: 7d',
    'Keep events at least as long as their values are used, and as the consumer may be away.',
  ),
  OBS006: warning(
    'Drift is judged on too few samples',
    'Chance alone exceeds the limit, and the alert is soon ignored.',
    'drift: {psi: 0.2, min_samples: 50}',
    'Ask for more samples.',
  ),
  KAF005: judged(
    'More copies than brokers',
    'The topic cannot be made, or nothing can be sent to it.',
    'stream: {replication: 3} with one broker',
    'Lower `replication`, and `min_in_sync` with it.',
  ),
  KAF006: judged(
    'A compacted topic without keys',
    'Kafka keeps the newest event of each key, and refuses events that have none.',
    'stream: {cleanup: compact, keyed: false}',
    'Give events their keys, or write `cleanup: delete`.',
  ),
  KAF007: warning(
    'No dead-letter topic',
    'One record that cannot be used stops the stream until somebody comes.',
    'stream: {dead_letter: false}',
    'Remove `dead_letter: false`.',
  ),
  MOD002: error(
    'Training and features are of two models',
    'What is trained is not what is served: the features differ.',
    'uses: train, model: a, after uses: pull_features, model: b',
    'Name one model in both steps.',
  ),
  MOD003: error(
    'A whole number that may be null',
    'MLflow drops the signature of such a model without a word, and checks no request from then on.',
    'request: {age: {type: int64, nullable: true}}',
    'Use `float64`, or do not allow null.',
  ),
  MOD004: error(
    'An alias that is missing, reserved or shared',
    'An environment would serve nothing, or what another one promotes.',
    'aliases: {staging: live, prod: live}',
    'Give each environment an alias of its own.',
  ),
  SRV002: judged(
    'Callers give up before the server',
    'The answer comes when nobody listens, and the call is tried again on top.',
    'online: {timeout: 5s, client_timeout: 2s}',
    'Let callers wait longer than the API takes.',
  ),
  SRV005: error(
    'A trial whose shares or end are missing',
    'Requests would go to a version that does badly, and nobody would stop it.',
    'canary: {alias: trial, weights: {champion: 90, trial: 5}}',
    'Let the weights add up to 100, and state `abort_if`.',
  ),
  SRV006: judged(
    'An objective about more time than metrics are kept',
    'Whether it is met can never be seen.',
    'slo_window: 90d with metrics_retention: 30d',
    'Keep metrics longer, or promise for a shorter time.',
  ),
  OBS001: error(
    'Nothing emits the metric',
    'The panel stays empty, and the alert silent.',
    'expr: mlops_serving_request_total > 1',
    'Correct the name.',
  ),
  OBS002: error(
    'A counter or a gauge in the wrong place',
    'The rate of a gauge means nothing; a bare counter exceeds any limit one day, and for ever.',
    'expr: rate(mlops_stream_lag_records[5m]) > 1',
    'Use `rate()` for counters, and only for these.',
  ),
  OBS003: error(
    'Metrics that nothing reads',
    'Whoever looks for them finds nothing, and thinks that nothing happens.',
    'metrics: /metrics with networks: [edge]',
    'Put the service into the network `monitoring`, and state its port.',
  ),
  OBS004: error(
    'The expression drops a label that the alert names',
    'Whoever gets the alert is not told what it is about.',
    'expr: sum(x) > 1 with summary: "{{ $labels.model }}"',
    'Aggregate `by` that label.',
  ),
  OBS005: error(
    'A window of too few samples',
    'With fewer than four samples a missing one makes the rate vanish, and the alert with it.',
    'rate(mlops_serving_requests_total[30s])',
    'Make the window at least four times as long as the interval of scraping.',
  ),
  OBS007: error(
    'Two dashboards with one title or address',
    'Grafana stops providing both, and keeps what it had.',
    'dashboards: {a: {title: Desk}, b: {title: Desk}}',
    'Choose another title or `uid`.',
  ),
  OBS008: error(
    'A datasource that Grafana does not have',
    'The panel shows an error.',
    'datasource: graphite',
    'Write `prometheus`.',
  ),
  OBS009: warning(
    'Unit or runbook missing',
    'A number without a unit is misread; an alert without a runbook is a riddle at night.',
    'panels: [{title: Lag, expr: lag}]',
    'Add `unit:` or `runbook:`.',
  ),
  OBS011: error(
    'PromQL that cannot be read',
    'Prometheus would refuse the whole file of rules.',
    'expr: sum(rate(x[5m])',
    'Close brackets and quotes.',
  ),
  LOG002: error(
    'Index templates overlap at one priority',
    'The index refuses the second one.',
    'two `log_indices` with the pattern logs-desk-*',
    'Narrow a pattern, or change a priority.',
  ),
  LOG003: warning(
    'Personal data in a log or a topic',
    'It is copied where nobody looks for it, and stays when it should be forgotten.',
    'request: {name: {type: string, personal: true}}',
    'Mask it, or keep it out.',
  ),
  PLT003: judged(
    'An image without a version',
    'What runs changes without a change in the repository, and cannot be rolled back.',
    'image: redis',
    'State a tag that is not `latest`, or a digest.',
  ),
  PLT005: error(
    'Waiting for a health check that is not there',
    'The container never starts.',
    'needs: {store: healthy}, where store has no `health`',
    'Add a health check.',
  ),
  PLT006: warning(
    'A probe with a program that the image lacks',
    'The container is unhealthy for ever.',
    'image: redis:7.4 with health: [curl, …]',
    'Use a program of the image.',
  ),
  PLT007: judged(
    'Limits exceed the quota',
    'The host kills what it cannot hold.',
    'two services of 2g with quota: {memory: 3g}',
    'Lower a limit, or raise the quota.',
  ),
  PLT008: error(
    'A container calls itself',
    '`localhost` in a container is that container.',
    'variables: {URL: "http://localhost:8000"}',
    'Write the name of the service.',
  ),
  PLT009: error(
    'Client and server disagree on TLS',
    'The connection fails at its first byte.',
    'URL: https://store:8091, where store has no TLS',
    'Make the address and `tls:` agree.',
  ),
  PLT012: judged(
    'Two versions that do not work together',
    'It fails when it is imported, or computes something else.',
    'numpy==2.1.0 with pandas==2.1.4 in a requirements.lock',
    'Pin versions that were made for one another.',
  ),
  FEA018: error(
    'A view is brought online once, and never again',
    'Its values grow old, then count as missing, and the model is asked with nothing.',
    'a pipeline without `schedule` with {uses: materialize, views: [clicks]}',
    'Give the pipeline a schedule that follows the table.',
  ),
  SUP001: error(
    'A comment means to suppress a finding and cannot be used',
    'Whoever wrote it believes that something is taken care of.',
    '# mlops: ignore FEA015',
    'Write `# mlops: ignore CODE until YYYY-MM-DD because …`, at the end of the line or above it.',
  ),
  SUP002: warning(
    'A comment suppresses nothing',
    'The finding is gone, and the comment would hide the next one.',
    '# mlops: ignore FEA015 until 2027-03-31 because … above a feature that is used',
    'Remove the comment.',
  ),
  SUP003: error(
    'A finding that cannot be suppressed',
    'Without mending it nothing can be emitted that works.',
    '# mlops: ignore FEA001 until 2027-03-31 because …',
    'Mend the finding, and remove the comment.',
  ),
  POL001: judged(
    "A rule of the organisation's own is broken",
    'Whoever wrote the rule wants it kept everywhere.',
    'description: (missing, where a policy requires it)',
    'Do what the rule asks for; the note says where it stands.',
  ),
  POL002: error(
    'A rule cannot be evaluated',
    'A rule that fails protects nothing.',
    'require: self.descripton != ""',
    'Correct the expression; ask with `has(…)` for what may be missing.',
  ),
} satisfies Record<string, Entry>;

export type Code = keyof typeof catalog;

/** Kept for the checks that compare with what is deployed or with the base branch; nothing else may have them. */
export const RESERVED: Record<string, string> = {
  FEA013: 'a feature renamed or removed while a live model uses it',
  FEA014: 'a type changed without a new version',
  KAF001: 'fewer partitions than are deployed',
  KAF002: 'more partitions on a keyed topic',
  KAF004: 'an incompatible change of a schema',
  MOD007: 'no version to roll back to',
  LOG001: 'the id of a log input duplicated or changed',
};

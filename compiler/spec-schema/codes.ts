/** What can be wrong with the form of a spec. Checks borrow some: not all of it shows in one file alone. */
import { defineCodes } from '../diagnostics/codes.ts';
import { codes as sourceCodes } from '../source/codes.ts';

export const { codes, finding } = defineCodes(
  {
    FEA002: {
      severity: 'error',
      title: 'A feature view has no TTL',
      why: 'Without it, a value from years ago is joined as if it were current.',
      example: 'ttl: 0h',
      fix: 'Add `ttl`: how old a value may be and still be used.',
    },
    FEA005: {
      severity: 'error',
      title: 'No event timestamp',
      why: 'Without the time at which a value was true, no point-in-time join is possible.',
      example: 'batch: {created: loaded_at}',
      fix: 'Add `batch.timestamp`, the column with that time.',
    },
    FEA012: {
      severity: 'error',
      title: 'A streamed view without batch history',
      why: 'Training has nothing to join, and an empty online store cannot be refilled.',
      example: 'stream: {topic: clicks} without `batch`',
      fix: 'Add `batch:` and a step that writes its table.',
    },
    SPC001: {
      severity: 'error',
      title: 'Unknown kind',
      why: 'The kind says what the file declares.',
      example: 'kind: Modell',
      fix: 'Use Platform, Entity, FeatureView, Pipeline or Model.',
    },
    SPC002: {
      severity: 'error',
      title: 'The file is in the wrong folder, or has the wrong name',
      why:
        'A spec is found by where it stands: entities and feature views below features/, ' +
        'pipeline.yaml below pipelines/, model.yaml below models/.',
      example: 'features/churn.yaml with kind: Model',
      fix: 'Move or rename the file as the message says.',
    },
    SPC003: {
      severity: 'error',
      title: 'Unknown key',
      why: 'A key that nothing reads is a setting that silently does nothing.',
      example: 'freshnes: 1h',
      fix: 'Correct the key; `mlops explain` and the JSON Schemas list what is allowed.',
    },
    SPC005: {
      severity: 'error',
      title: 'A required field is missing',
      why: 'There is no safe default for it.',
      example: 'kind: FeatureView without ttl',
      fix: 'Add the field.',
    },
    SPC006: {
      severity: 'error',
      title: 'The value is not one of those allowed',
      why: 'The field accepts only certain values.',
      example: 'task: regresion',
      fix: 'Use one of the values that the message lists.',
    },
    SPC007: {
      severity: 'error',
      title: 'Invalid duration',
      why: 'A duration includes its unit.',
      example: 'ttl: 3',
      fix: 'Write a whole number and one of s, m, h, d, w: 90s, 15m, 2h, 7d, 4w.',
    },
    SPC008: {
      severity: 'error',
      title: 'Invalid value',
      why: 'The value is not in the form that the field needs.',
      example: 'by: two percent',
      fix: 'Write it in the form that the message shows.',
    },
    SPC009: {
      severity: 'error',
      title: 'Two specs have the same name',
      why: 'One would overwrite the other in the tools.',
      example: 'features/a/clicks.yaml and features/b/clicks.yaml',
      fix: 'Rename one of them, or set its `name:`.',
    },
    SPC010: {
      severity: 'error',
      title: 'Invalid name',
      why: 'Names become tables, topics, metrics and Python identifiers, and not every tool accepts every character.',
      example: 'name: Carrier Delays',
      fix: 'Use lower-case letters, digits and underscores, and start with a letter.',
    },
    SPC012: {
      severity: 'error',
      title: 'Two fields exclude each other, or one requires the other',
      why: 'The spec contradicts itself, or is incomplete.',
      example: 'A step with both `run` and `uses`',
      fix: 'Keep one of them, or add the other, as the message says.',
    },
    SPC013: {
      severity: 'error',
      title: 'The name is reserved',
      why: 'The name has a special meaning in Python, in a tool, or in the platform.',
      example: 'features: {class: {type: int64}}',
      fix: 'Choose another name.',
    },
  },
  { SPC004: sourceCodes.SPC004 },
);

/** What can be wrong with the form of a spec. Checks borrow some: not all of it shows in one file alone. */
import { defineCodes } from '../diagnostics/codes.ts';
import { codes as sourceCodes } from '../source/codes.ts';

export const { codes, finding } = defineCodes(
  {
    FEA002: {
      severity: 'error',
      title: 'A feature view has no TTL',
      why: 'Without one, a value of years ago is joined as if it were true now.',
      example: 'ttl: 0h',
      fix: 'State `ttl`: how old a value may be and still be used.',
    },
    FEA005: {
      severity: 'error',
      title: 'No event timestamp',
      why: 'Without the moment at which a value was true, no join as of a moment is possible.',
      example: 'batch: {created: loaded_at}',
      fix: 'State `batch.timestamp`, the column with that moment.',
    },
    FEA012: {
      severity: 'error',
      title: 'A streamed view without history',
      why: 'Training has nothing to join, and an emptied online store cannot be filled again.',
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
      why: 'The field takes one of a few words.',
      example: 'task: regresion',
      fix: 'Use one of the words that the message lists.',
    },
    SPC007: {
      severity: 'error',
      title: 'Invalid duration',
      why: 'Durations carry their unit.',
      example: 'ttl: 3',
      fix: 'Write a whole number and one of s, m, h, d, w: 90s, 15m, 2h, 7d, 4w.',
    },
    SPC008: {
      severity: 'error',
      title: 'Invalid value',
      why: 'The value does not have the form that the field needs.',
      example: 'by: two percent',
      fix: 'Write it in the form that the message shows.',
    },
    SPC009: {
      severity: 'error',
      title: 'Two specs have the same name',
      why: 'One would overwrite the other in the tools.',
      example: 'features/a/clicks.yaml and features/b/clicks.yaml',
      fix: 'Rename one, or set `name:` in it.',
    },
    SPC010: {
      severity: 'error',
      title: 'Invalid name',
      why: 'Names become tables, topics, metrics and Python identifiers; not every tool takes every ' + 'character.',
      example: 'name: Carrier Delays',
      fix: 'Use lower-case letters, digits and underscores, a letter first.',
    },
    SPC012: {
      severity: 'error',
      title: 'Two fields exclude each other, or one needs the other',
      why: 'The spec says two things at once, or half of one.',
      example: 'A step with both `run` and `uses`',
      fix: 'Keep one of the two, as the message says.',
    },
    SPC013: {
      severity: 'error',
      title: 'The name is reserved',
      why: 'The name has a meaning of its own in Python or in a tool that the spec is compiled for.',
      example: 'features: {class: {type: int64}}',
      fix: 'Choose another name.',
    },
  },
  { SPC004: sourceCodes.SPC004 },
);

/** What can be wrong with a file before its kind matters. */
import { defineCodes } from '../diagnostics/codes.ts';

export const { codes, finding } = defineCodes({
  SPC004: {
    severity: 'error',
    title: 'Wrong type',
    why: 'The value cannot be what the field needs.',
    example: 'retries: two',
    fix: 'Use a value of the type that the message names.',
  },
  YML001: {
    severity: 'error',
    title: 'The file is not valid YAML',
    why: 'Nothing in the file can be read with certainty.',
    example: 'features: {a: {type: int64}',
    fix: 'Close the bracket or quote that the message points at; indent with spaces.',
  },
  YML002: {
    severity: 'error',
    title: 'The file is empty',
    why: 'An empty spec declares nothing, and is usually a lost edit.',
    example: '(an empty file)',
    fix: 'Write the spec, or delete the file.',
  },
  YML003: {
    severity: 'error',
    title: 'The file is not UTF-8',
    why: 'The same bytes would mean different text on different machines.',
    example: 'A file saved as Latin-1 or UTF-16.',
    fix: 'Save the file as UTF-8.',
  },
  YML004: {
    severity: 'error',
    title: 'The file is too large or too deep',
    why: 'Specs are small; the limits keep a hostile pull request from stopping the compiler.',
    example: 'A spec over 64 KiB, nested deeper than 32 levels, or with over 500 keys in one map.',
    fix: 'Split the spec.',
  },
  YML005: {
    severity: 'error',
    title: 'A duplicate key',
    why: 'YAML tools disagree on which of the two counts.',
    example: 'ttl: 1d\nttl: 2d',
    fix: 'Delete one of them.',
  },
  YML006: {
    severity: 'error',
    title: 'Anchors, aliases, tags and merge keys are not part of the spec language',
    why: 'A value should be readable in its place, and aliases can make a small file enormous.',
    example: 'a: &x 1\nb: *x',
    fix: 'Write the value out; shared settings belong in `defaults` in platform.yaml.',
  },
  YML007: {
    severity: 'error',
    title: 'The key is forbidden',
    why: 'Such keys have a special meaning for programs that read the file.',
    example: '__proto__: {}',
    fix: 'Choose another name.',
  },
  YML008: {
    severity: 'error',
    title: 'The file is not read',
    why: 'Links are not followed, so that nothing outside the repository becomes part of it.',
    example: 'models/churn as a symbolic link to another folder',
    fix: 'Put the file itself there.',
  },
});

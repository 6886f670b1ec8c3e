import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Service, servicesOf } from '../link/services.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT003: {
    severity: 'error',
    judgement: true,
    title: 'A container image without a version',
    why: 'What runs can change without a commit, and cannot be rolled back.',
    example: 'image: redis',
    fix: 'Use a tag other than `latest`, or a digest.',
  },
});

/** An image has a version. */
export const images: Check = { codes, run: (graph) => servicesOf(graph).flatMap(unversioned) };

function unversioned({ stated: { image }, at }: Service): Finding[] {
  const last = image.slice(image.lastIndexOf('/') + 1);
  const tag = last.includes('@sha256:') ? 'digest' : last.split(':')[1];
  if (tag !== undefined && tag !== 'latest' && tag !== '') return [];
  return [
    finding(
      'PLT003',
      at('image'),
      `Image '${image}' ${tag === 'latest' ? 'has the tag `latest`' : 'has no tag'}: it can change without a commit.`,
      { help: 'use the tag of a version, or a digest (`@sha256:…`)' },
    ),
  ];
}

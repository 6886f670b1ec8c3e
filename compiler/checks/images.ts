import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Service, servicesOf } from '../link/services.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT003: {
    severity: 'error',
    judgement: true,
    title: 'An image without a version',
    why: 'What runs changes without a change in the repository, and cannot be rolled back.',
    example: 'image: redis',
    fix: 'State a tag that is not `latest`, or a digest.',
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
      `Image '${image}' ${tag === 'latest' ? 'is `latest`' : 'has no tag'}: what runs changes without a change here.`,
      { help: 'state a version, or a digest (`@sha256:…`)' },
    ),
  ];
}

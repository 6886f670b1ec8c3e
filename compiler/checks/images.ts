import { type Finding, finding } from '../diagnostics/diagnostic.ts';
import { type Service, servicesOf } from '../link/services.ts';
import type { Check } from './check.ts';

/** PLT003: an image has a version. */
export const images: Check = { run: (graph) => servicesOf(graph).flatMap(unversioned) };

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

import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Service, servicesOf } from '../link/services.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT005: {
    severity: 'error',
    title: 'Waiting for a health check that does not exist',
    why: 'The container never starts.',
    example: 'needs: {store: healthy}, where store has no `health`',
    fix: 'Add a health check.',
  },
  PLT006: {
    severity: 'warning',
    title: 'A health check that uses a program missing from the image',
    why: 'The container never becomes healthy.',
    example: 'image: redis:7.4 with health: [curl, …]',
    fix: 'Use a program that the image contains.',
  },
});

/** What others wait for has a health check, and its program is in the image. */
export const containerHealth: Check = {
  codes,
  run: (graph) => servicesOf(graph).flatMap((service) => [...impossible(service), ...unprobed(service)]),
};

/** Programs that images of these names lack; other images may have any. */
const LACKING: [RegExp, RegExp][] = [
  [/(^|\/)(redis|postgres|debian|ubuntu|mariadb|mysql):/, /^(curl|wget)$/],
  [/(^|\/)prom\/[a-z-]+:/, /^(curl|bash)$/],
  [/(^|\/)python:.*slim/, /^(curl|wget)$/],
  [/(^|\/)node:.*slim/, /^(curl|wget)$/],
  [/(^|\/)(alpine|[a-z]+:.*alpine)/, /^(curl|bash)$/],
  [/(distroless|scratch|chainguard|static)/, /^(curl|wget|sh|bash)$/],
  [/(^|\/)(busybox):/, /^(curl|bash)$/],
];

function impossible({ name, stated: { image, health }, at }: Service): Finding[] {
  const program = health?.[0]?.slice((health[0] ?? '').lastIndexOf('/') + 1) ?? '';
  if (!LACKING.some(([images, programs]) => images.test(image) && programs.test(program))) return [];
  return [
    finding('PLT006', at('health', 0), `Image '${image}' has no ${program}, so ${name} would never become healthy.`, {
      help: 'use a program that the image contains, or another image',
      related: [{ message: 'the image is set here', at: at('image') }],
    }),
  ];
}

function unprobed({ name, stated, siblings, keyAt }: Service): Finding[] {
  return Object.entries(stated.needs ?? {}).flatMap(([needed, state]) => {
    const other = siblings.get(needed);
    if (state !== 'healthy' || !other || other.stated.health) return [];
    return [
      finding(
        'PLT005',
        keyAt('needs', needed),
        `${name} waits until ${needed} is healthy, but ${needed} has no health check: it would wait for ever.`,
        {
          help: `add \`health:\` to ${needed}`,
          related: [{ message: `service ${needed} is declared here`, at: other.keyAt() }],
        },
      ),
    ];
  });
}

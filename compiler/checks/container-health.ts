import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Service, servicesOf } from '../link/services.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT005: {
    severity: 'error',
    title: 'Waiting for a health check that is not there',
    why: 'The container never starts.',
    example: 'needs: {store: healthy}, where store has no `health`',
    fix: 'Add a health check.',
  },
  PLT006: {
    severity: 'warning',
    title: 'A probe with a program that the image lacks',
    why: 'The container is unhealthy for ever.',
    example: 'image: redis:7.4 with health: [curl, …]',
    fix: 'Use a program of the image.',
  },
});

/** Health that others wait for is probed, by a program that the image has. */
export const containerHealth: Check = {
  codes,
  run: (graph) => servicesOf(graph).flatMap((service) => [...impossible(service), ...unprobed(service)]),
};

/** Programs that images of these names lack; what is not listed here may have any. */
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
    finding('PLT006', at('health', 0), `Image '${image}' has no ${program}: ${name} would be unhealthy for ever.`, {
      help: 'use a program that the image has, or an image that has this one',
      related: [{ message: 'the image', at: at('image') }],
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
        `${name} waits until ${needed} is healthy, and ${needed} has no health check: it would wait for ever.`,
        {
          help: `add \`health:\` to ${needed}`,
          related: [{ message: `service ${needed}`, at: other.keyAt() }],
        },
      ),
    ];
  });
}

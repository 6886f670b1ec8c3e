import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { keyAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { PlatformSpec } from '../spec-schema/generated/types.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  OBS010: {
    severity: 'error',
    title: 'An alert reaches nobody',
    why: 'An incident at night is discovered in the morning.',
    example: 'an environment with `stores: servers` and no `alerting`',
    fix: 'Give the environment a channel, and each owner an address on that channel.',
  },
  PLT013: {
    severity: 'error',
    title: 'A secret that Alertmanager cannot read',
    why: 'It reads secrets from files only, and would start without this one.',
    example: 'alerting: {slack: {secret: hook}} with secrets from environment variables',
    fix: 'Keep the secrets of the environment in files: `secrets: {provider: file, dir: FOLDER}`.',
  },
});

type EnvironmentSpec = PlatformSpec['environments'][string];
type Owner = PlatformSpec['owners'][string];

/** Every alert reaches somebody, through channels whose secrets Alertmanager can read. */
export const alerting: Check = {
  codes,
  run: (graph) =>
    Object.entries(graph.platform.value.environments)
      .filter(([, { stores }]) => stores === 'servers')
      .flatMap(([name, environment]) => [
        ...unreached(graph, name, environment),
        ...unreadable(graph, name, environment),
      ]),
};

function unreached({ platform }: Graph, name: string, { alerting: channels }: EnvironmentSpec): Finding[] {
  if (channels === undefined || Object.keys(channels).length === 0)
    return [
      finding(
        'OBS010',
        keyAt(platform, 'environments', name),
        `Alerts from environment ${name} reach nobody: it has no 'alerting'.`,
        {
          help: 'add `alerting:` with a webhook, slack or smtp',
        },
      ),
    ];
  return Object.entries(platform.value.owners)
    .filter(([, owner]) => !reaches(channels, owner))
    .map(([owner]) =>
      finding('OBS010', keyAt(platform, 'owners', owner), `Alerts from environment ${name} do not reach ${owner}.`, {
        related: [
          {
            message: 'the channels of the environment are set here',
            at: keyAt(platform, 'environments', name, 'alerting'),
          },
        ],
        help: `give ${owner} ${channels.slack ? '`slack: "#channel"`' : '`email: …`'}, or the environment a webhook`,
      }),
    );
}

const reaches = ({ webhook, slack, smtp }: NonNullable<EnvironmentSpec['alerting']>, owner: Owner): boolean =>
  webhook !== undefined ||
  (slack !== undefined && owner.slack !== undefined) ||
  (smtp !== undefined && owner.email !== undefined);

/** Alertmanager reads secrets from files, never from environment variables. */
function unreadable({ platform }: Graph, name: string, { alerting: channels, secrets }: EnvironmentSpec): Finding[] {
  if (secrets?.provider === 'file') return [];
  const path = ['environments', name, 'alerting'];
  const stated = [
    channels?.slack ? [...path, 'slack', 'secret'] : null,
    channels?.smtp?.password ? [...path, 'smtp', 'password', 'secret'] : null,
  ];
  return stated.flatMap((at) =>
    at === null
      ? []
      : [
          finding(
            'PLT013',
            keyAt(platform, ...at),
            `Alertmanager reads this secret from a file, but ${name} keeps secrets in environment variables.`,
            {
              help: 'add `secrets: {provider: file, dir: FOLDER}` to the environment',
            },
          ),
        ],
  );
}

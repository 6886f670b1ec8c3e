/** Containers of teams' own, beside the platform's. */
import type { Container } from '../../ir/types.ts';
import { type Condition, type Network, onLoopback, type Service, type ServiceModule, server } from './service.ts';

export const team: ServiceModule = (_ir, environment) =>
  Object.fromEntries(environment.containers.map((container) => [container.name, service(container)]));

const CONDITIONS: Record<string, Condition> = {
  healthy: 'service_healthy',
  completed: 'service_completed_successfully',
};

function service(container: Container): Service {
  const { image, command, port, publish, variables, secrets, volumes, networks, needs, health, megabytes, cpus } =
    container;
  return server(
    { image, ...(command ? { command } : {}), init: true, cap_drop: ['ALL'] },
    {
      networks: networks as Network[],
      needs: Object.fromEntries(Object.entries(needs).map(([name, state]) => [name, CONDITIONS[state] as Condition])),
      ...(health ? { health } : {}),
      variables,
      secrets,
      volumes: Object.entries(volumes).map(([volume, path]) => `${volume}:${path}`),
      ports: publish === null || port === null ? [] : [onLoopback(publish, port)],
      memory: megabytes,
      cpus,
    },
  );
}

import { containerOf } from '../ir/container-name.ts';
import type { Inventory } from '../ir/inventory.ts';
import type { Tool } from '../tools/tool.ts';
import type { HostType } from './host.ts';

export const inventoryOf = (tools: readonly Tool[], hosts: readonly HostType[]): Inventory => ({
  hosts: new Map(hosts.map((host) => [host.name, host])),
  ports: new Map(tools.flatMap(({ ports }) => Object.entries(ports ?? {}))),
  metrics: tools.flatMap(({ metrics }) => metrics ?? []),
  volumes: [...hosts, ...tools].flatMap(({ volumes }) => volumes ?? []),
  titles: tools.flatMap(({ titles }) => titles ?? []),
  containers: (host, served) =>
    [...(host.containers?.(served) ?? []), ...tools.flatMap((tool) => tool.containers?.(served) ?? [])].map(
      containerOf,
    ),
});

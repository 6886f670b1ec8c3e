/** Whether a process does its work. An address is a URL, and what follows `#` must hold of the JSON there. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * `healthy`: the address answers with a success, or a `tcp:` one accepts a connection, within `timeout` milliseconds;
 * with `#scheduler.status=healthy` the JSON of the answer must say so, or it is `denied`.
 */
export async function healthOf(address: string, timeout = 3000): Promise<'healthy' | 'silent' | 'denied'> {
  const url = new URL(address);
  if (url.protocol === 'tcp:') return (await accepts(url, timeout)) ? 'healthy' : 'silent';
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeout) });
    const text = await response.text(); // an unread body keeps the connection open
    if (!response.ok) return 'silent';
    return url.hash === '' || says(text, decodeURIComponent(url.hash.slice(1))) ? 'healthy' : 'denied';
  } catch {
    return 'silent';
  }
}

export const isHealthy = async (address: string, timeout?: number): Promise<boolean> =>
  (await healthOf(address, timeout)) === 'healthy';

export interface Unready {
  reason: string;
  /** What else must come before it is ready, such as `champion`; null where something is amiss. */
  waitsFor: string | null;
}

/** Why the address that tells readiness refuses, or null where it does not. */
export async function unreadiness(address: string, timeout: number): Promise<Unready | null> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(timeout) });
    const text = await response.text();
    if (response.ok) return null;
    return { reason: textIn(text, 'reason') || `it answers ${response.status}`, waitsFor: textIn(text, 'waits_for') };
  } catch {
    return null; // then it is not healthy, which is said
  }
}

/** Whether the address that tells readiness says that it is still to be found out. */
async function isStarting(address: string): Promise<boolean> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(3000) });
    return says(await response.text(), 'status=starting');
  } catch {
    return true;
  }
}

/**
 * Asks until the address is healthy, and `ready` no longer says that it starts, or `isOver`; true if it became so. What
 * is not ready after that, as without a champion, is for `status` to tell.
 */
export async function becomesHealthy(
  address: string | null,
  ready: string | null,
  isOver: () => boolean,
  isOurs: () => boolean,
): Promise<boolean> {
  // Without an address there is nothing to ask: to have lived for a second has to do.
  if (address === null) await sleep(1000);
  while (!isOver()) {
    if (address === null || ((await isHealthy(address)) && isOurs() && !(ready && (await isStarting(ready)))))
      return !isOver();
    await sleep(200);
  }
  return false;
}

function says(text: string, condition: string): boolean {
  const [path = '', wanted] = condition.split('=');
  try {
    const found = path
      .split('.')
      .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], JSON.parse(text));
    return found === wanted;
  } catch {
    return false;
  }
}

function textIn(json: string, key: string): string | null {
  try {
    const value = (JSON.parse(json) as Record<string, unknown> | null)?.[key];
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function accepts({ hostname, port }: URL, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout });
    const finish = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}

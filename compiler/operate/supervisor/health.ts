import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * True when the address answers with a success, or a `tcp:` one accepts a connection, within `timeout` milliseconds.
 */
export async function isHealthy(address: string, timeout = 3000): Promise<boolean> {
  if (address.startsWith('tcp:')) return accepts(new URL(address), timeout);
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(timeout) });
    await response.arrayBuffer(); // an unread body keeps the connection open
    return response.ok;
  } catch {
    return false;
  }
}

/** Asks until the address is healthy or `isOver`; true if it became healthy. */
export async function becomesHealthy(address: string | null, isOver: () => boolean): Promise<boolean> {
  // Without an address there is nothing to ask: to have lived for a second has to do.
  if (address === null) await sleep(1000);
  while (!isOver()) {
    if (address === null || (await isHealthy(address))) return !isOver();
    await sleep(200);
  }
  return false;
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

/**
 * A steady stream of predictions, each with an id of its own: what was answered, with which version, and what failed.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { heldBackFlights } from '../../scripts/demo/held-back.ts';
import type { Stage } from './stage.ts';

export interface Answered {
  id: string;
  version: string;
}

export class Traffic {
  readonly answered: Answered[] = [];
  /** A status that is no success, or why there was no answer. */
  readonly failed: string[] = [];
  readonly failedIds: string[] = [];
  #stopped = false;
  #running: Promise<unknown> = Promise.resolve();

  /** `senders` one after the other each, with a pause of so many milliseconds. */
  static async start(stage: Stage, model: string, senders = 4, pause = 20): Promise<Traffic> {
    const flights = await heldBackFlights(openWorkspace(stage.root, stage.environment), model, 20);
    if (flights.length === 0) throw new Error('no flight is to come: is the present set to another time?');
    const bodies = flights.map(({ instance }) => JSON.stringify({ instances: [instance] }));
    const address = `${stage.address(`serving-${model}`)}/v1/models/${model}:predict`;
    const traffic = new Traffic();
    traffic.#running = Promise.all(
      Array.from({ length: senders }, async (_, sender) => {
        for (let sent = sender; !traffic.#stopped; sent += senders) {
          await traffic.#send(address, bodies[sent % bodies.length] ?? '');
          await sleep(pause);
        }
      }),
    );
    return traffic;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #send(address: string, body: string): Promise<void> {
    const id = randomUUID();
    try {
      const headers = { 'content-type': 'application/json', 'x-request-id': id };
      const response = await fetch(address, { method: 'POST', body, headers, signal: AbortSignal.timeout(15_000) });
      const { model_version } = (await response.json()) as { model_version?: string };
      if (response.ok && model_version) this.answered.push({ id, version: model_version });
      else this.#fail(id, String(response.status));
    } catch (error) {
      const cause = (error as { cause?: { code?: string } }).cause;
      this.#fail(id, cause?.code ?? String(error));
    }
  }

  #fail(id: string, reason: string): void {
    this.failed.push(reason);
    this.failedIds.push(id);
  }

  /** `ECONNREFUSED × 3, 503 × 1` */
  failures(): string {
    const counts = new Map<string, number>();
    for (const reason of this.failed) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    return [...counts].map(([reason, count]) => `${reason} × ${count}`).join(', ') || 'none';
  }
}

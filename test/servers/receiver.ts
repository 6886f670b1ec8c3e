/** Where the sample's `alerting.webhook` points: what Alertmanager tells, as it comes in. */
import { createServer, type Server } from 'node:http';
import { eventually } from './stage.ts';

const PORT = 19_999;

export interface Alert {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

interface Notification {
  receiver: string;
  alerts: Alert[];
}

export class Receiver {
  readonly #received: Notification[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((message, answer) => {
      let body = '';
      message.on('data', (part: Buffer) => {
        body += part.toString();
      });
      message.on('end', () => {
        this.#received.push(JSON.parse(body) as Notification);
        answer.end();
      });
    });
  }

  static async open(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve, reject) =>
      receiver.#server.once('error', reject).listen(PORT, '127.0.0.1', resolve),
    );
    return receiver;
  }

  close(): void {
    this.#server.close();
  }

  /** Waits until the alert's own owner was told so; gives what was told. */
  told(seconds: number, status: Alert['status'], wanted: Record<string, string>): Promise<Alert> {
    return eventually(seconds, async () => {
      const found = this.#received
        .filter(({ receiver }) => receiver !== 'everybody')
        .flatMap(({ receiver, alerts }) => alerts.filter(({ labels }) => receiver === `owner-${labels['owner']}`))
        .find(
          (alert) =>
            alert.status === status && Object.entries(wanted).every(([name, value]) => alert.labels[name] === value),
        );
      if (!found)
        throw new Error(`nobody was told that ${JSON.stringify(wanted)} is ${status}; what came: ${this.#names()}`);
      return found;
    });
  }

  #names(): string {
    const all = this.#received.flatMap(({ alerts }) =>
      alerts.map(({ status, labels }) => `${labels['alertname']} ${status}`),
    );
    return [...new Set(all)].join(', ') || 'nothing';
  }
}

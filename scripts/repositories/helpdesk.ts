/** A helpdesk of made-up tickets, the same each time up to the moment; it answers whoever has the token, by pages. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { numbers } from '../../compiler/test/numbers.ts';

const HOUR = 3_600_000;
const DAYS = 120;
const CUSTOMERS = 80;
const PER_PAGE = 500;
const PLANS = ['free', 'team', 'business'] as const;

interface Ticket {
  ticket: string;
  customer: string;
  plan: string;
  opened_at: string;
  judged_at: string | null;
  words: number;
  exclamations: number;
  outage: boolean;
  urgent: number | null;
}

export interface Helpdesk {
  url: string;
  /** Answers given with the right token, and refusals. */
  counts: { answered: number; refused: number };
  stop(): void;
}

export async function startHelpdesk(token: string, now: Date): Promise<Helpdesk> {
  const tickets = made(now);
  const counts = { answered: 0, refused: 0 };
  const server: Server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      counts.refused += 1;
      response.writeHead(401).end();
      return;
    }
    counts.answered += 1;
    const page = Number(new URL(request.url ?? '', 'http://helpdesk').searchParams.get('page') ?? '1');
    const rows = tickets.slice((page - 1) * PER_PAGE, page * PER_PAGE);
    const next = page * PER_PAGE < tickets.length ? page + 1 : null;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ tickets: rows, next }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, counts, stop: () => server.close() };
}

/** Customers differ in how often theirs is urgent, and what a ticket says tells the rest. */
function made(now: Date): Ticket[] {
  const last = Math.floor(now.getTime() / HOUR);
  return Array.from({ length: DAYS * 24 }, (_, back) => ofHour(last - DAYS * 24 + back))
    .flat()
    .map((ticket) => knownBy(ticket, now));
}

function ofHour(hour: number): Ticket[] {
  const random = numbers(hour);
  const count = hour % 24 > 6 && hour % 24 < 19 ? 3 : 1;
  return Array.from({ length: count }, (_, index) => {
    const number = Math.floor(random() * CUSTOMERS);
    const outage = random() < 0.2;
    const exclamations = Math.floor(random() * random() * 6);
    const troubled = number % 4 === 0 ? 2.2 : -0.6;
    const score = -2.2 + troubled + (outage ? 2.4 : 0) + 0.5 * exclamations + 0.5 * (number % PLANS.length);
    const opened = hour * HOUR + Math.floor(random() * HOUR);
    return {
      ticket: `t${hour}-${index}`,
      customer: `c${number}`,
      plan: PLANS[number % PLANS.length] ?? 'free',
      opened_at: new Date(opened).toISOString(),
      judged_at: new Date(opened + HOUR * (1 + 20 * random())).toISOString(),
      words: 10 + Math.floor(random() * 200),
      exclamations,
      outage,
      urgent: random() < 1 / (1 + Math.exp(-score)) ? 1 : 0,
    };
  });
}

const knownBy = (ticket: Ticket, now: Date): Ticket =>
  new Date(ticket.judged_at ?? now) <= now ? ticket : { ...ticket, judged_at: null, urgent: null };

/** One request to a tool's HTTP API. What goes wrong is a sentence that names the tool, its address and the cause. */
import { OperationError } from '../diagnostics/operation-error.ts';

export interface Request {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Until the answer must be there, in seconds. */
  timeout?: number;
}

/** The tool answered, and not with a success. */
export class HttpError extends OperationError {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message, 1);
    this.status = status;
  }
}

/** The answer, parsed as JSON where it is JSON, else as text; null where it is empty. */
export async function ask<T>(tool: string, address: string, request: Request = {}): Promise<T> {
  const { method = 'GET', body, timeout = 10 } = request;
  const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const { ok, status, text } = await send(tool, address, init, timeout);
  if (!ok)
    throw new HttpError(
      `${tool} answered ${status} to ${method} ${withoutQuery(address)}: ${text.slice(0, 500)}`,
      status,
    );
  return parsed(text) as T;
}

async function send(tool: string, address: string, init: RequestInit, timeout: number) {
  try {
    const response = await fetch(address, { ...init, signal: AbortSignal.timeout(timeout * 1000) });
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch (error) {
    throw new OperationError(
      `${tool} does not answer at ${new URL(address).origin} (${causeOf(error)}); \`mlops status\` shows what runs.`,
    );
  }
}

/** Node says only "fetch failed", and keeps the reason in the error's cause. */
function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  if (!(cause instanceof Error)) return message;
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}

const withoutQuery = (address: string): string => address.split('?')[0] ?? address;

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

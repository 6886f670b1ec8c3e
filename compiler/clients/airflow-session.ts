/** Airflow's API asked with a token of an account's, which is asked for when it is needed. */
import type { LogIn } from './account.ts';
import { ask, HttpError, type Request } from './http.ts';

export class AirflowSession {
  readonly url: string;
  readonly logIn: LogIn;
  readonly #timeout: number;
  #token: Promise<string> | null = null;

  /** `timeout` in seconds, until an answer must be there. */
  constructor(url: string, logIn: LogIn, timeout: number) {
    this.url = url;
    this.logIn = logIn;
    this.#timeout = timeout;
  }

  /** Once more with another token where the server takes the one no longer: that refusal changed nothing. */
  async ask<T>(path: string, request: Request = {}): Promise<T> {
    const isFresh = this.#token === null;
    try {
      return await this.#askOnce<T>(path, request);
    } catch (error) {
      this.#token = null; // a server that was started again may not know it
      if (isFresh || !(error instanceof HttpError) || error.status !== 401) throw error;
    }
    return this.#askOnce<T>(path, request);
  }

  async #askOnce<T>(path: string, request: Request): Promise<T> {
    this.#token ??= this.#newToken();
    const headers = { authorization: `Bearer ${await this.#token}`, accept: 'application/json' };
    return ask<T>('Airflow', `${this.url}/api/v2/${path}`, { ...request, headers, timeout: this.#timeout });
  }

  async #newToken(): Promise<string> {
    const { user, password } = this.logIn;
    const request = { method: 'POST', body: { username: user, password }, timeout: this.#timeout } as const;
    try {
      const answer = await ask<{ access_token: string }>('Airflow', `${this.url}/auth/token`, request);
      return answer.access_token;
    } catch (error) {
      if (!(error instanceof HttpError) || error.status !== 401) throw error;
      throw new HttpError(
        `Airflow at ${this.url} does not take the password of its account '${user}': it was started with another ` +
          'one. `mlops down`, then `mlops up` start it with the one that is kept.',
        401,
      );
    }
  }
}

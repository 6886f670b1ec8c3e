/** The part of the npm package `jenkins` that we call; it has no types of its own. */
declare module 'jenkins' {
  interface Options {
    baseUrl: string;
    headers: Record<string, string>;
    /** Milliseconds. */
    timeout: number;
    crumbIssuer(client: Client): Promise<{ headerName?: string; headerValue?: string; cookies?: string[] }>;
  }

  class Client {
    constructor(options: Options);
    crumbIssuer: { get(): Promise<unknown> };
    job: {
      build(options: { name: string; parameters: Record<string, string> }): Promise<unknown>;
      get(options: { name: string; tree: string }): Promise<unknown>;
    };
    queue: { item(number: number): Promise<unknown> };
    build: {
      get(options: { name: string; number: number; tree: string }): Promise<unknown>;
      log(options: { name: string; number: number; start: number; meta: true }): Promise<unknown>;
    };
  }

  export default Client;
}

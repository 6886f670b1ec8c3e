/** The stand-in's deployments and their statuses, of the commits that were pushed. */
import { answerOf, itemOf, type Operation } from './description.ts';
import type { Asked, Reply } from './records.ts';

export interface StoredDeployment {
  id: number;
  sha: string;
  environment: string;
  task: string;
  description: string;
  payload: Record<string, unknown>;
  statuses: { state: string; description: string }[];
}

const NOT_FOUND: Reply = { status: 404, body: { message: 'Not Found' } };

export class Deployments {
  all: StoredDeployment[] = [];
  /** Null: every commit was. */
  pushed: readonly string[] | null = null;
  #next = 100;

  /** Null: it is no question of these. */
  serve(asked: Asked, operation: Operation, page: (items: unknown[]) => Reply): Reply | null {
    return this.#services[asked.operation]?.(asked, operation, page) ?? null;
  }

  readonly #services: Record<string, (asked: Asked, operation: Operation, page: (all: unknown[]) => Reply) => Reply> = {
    'repos/list-deployments': ({ query }, operation, page) => {
      const is = (each: StoredDeployment) =>
        (['sha', 'environment', 'task'] as const).every((key) => (query.get(key) ?? each[key]) === each[key]);
      // The newest first.
      return page(
        this.all
          .filter(is)
          .toReversed()
          .map((each) => itemOf(operation, answered(each))),
      );
    },
    'repos/create-deployment': ({ body }, operation) => {
      const { ref, environment, task, description, payload } = body as unknown as StoredDeployment & { ref: string };
      if (this.pushed?.includes(ref) === false)
        return { status: 422, body: { message: `No ref found for: ${ref}`, documentation_url: 'https://x.example' } };
      // Else GitHub merges the default branch into it, or asks for checks.
      if (body['auto_merge'] !== false) return { status: 202, body: { message: 'Auto-merged main into it' } };
      if (!Array.isArray(body['required_contexts'])) return { status: 409, body: { message: 'Commit status checks' } };
      this.#next += 1;
      const made = { id: this.#next, sha: ref, environment, task, description, payload, statuses: [] };
      this.all.push(made);
      return { status: 201, body: answerOf(operation, 201, answered(made)) };
    },
    'repos/list-deployment-statuses': ({ words }, operation, page) => {
      const found = this.#at(words);
      return found ? page(found.statuses.toReversed().map((each) => itemOf(operation, each))) : NOT_FOUND;
    },
    'repos/create-deployment-status': ({ words, body }, operation) => {
      const found = this.#at(words);
      if (!found) return NOT_FOUND;
      const status = { state: String(body['state']), description: String(body['description']) };
      found.statuses.push(status);
      // As GitHub does by itself, unless it is told not to.
      if (status.state === 'success' && body['auto_inactive'] !== false)
        for (const each of this.all)
          if (each !== found && each.environment === found.environment)
            each.statuses.push({ state: 'inactive', description: '' });
      return { status: 201, body: answerOf(operation, 201, status) };
    },
  };

  #at({ deployment_id: id }: Record<string, string>): StoredDeployment | undefined {
    return this.all.find((each) => each.id === Number(id));
  }
}

/** GitHub gives a payload back as a text, as often as not. */
const answered = ({ statuses: _, payload, ...each }: StoredDeployment) => ({
  ...{ ...each, ref: each.sha, creator: null },
  payload: each.id % 2 === 0 ? payload : JSON.stringify(payload),
});

/** A limit on the time of what a repository can steer: rules in CEL, and whatever else could run for ever. */
import vm from 'node:vm';

/** `work` took longer than it may. */
export class DeadlineExceeded extends Error {}

const context = vm.createContext(Object.create(null));
const call = new vm.Script('work()');

/**
 * What `work` returns; ends it where it takes longer, even in the middle of a regular expression. V8 does that for
 * scripts of this module, which is why the call is one. It is no sandbox: `work` is our own code.
 */
export function withinDeadline<T>(milliseconds: number, work: () => T): T {
  context['work'] = work;
  try {
    return call.runInContext(context, { timeout: Math.max(1, Math.ceil(milliseconds)) }) as T;
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw problem;
    throw new DeadlineExceeded();
  } finally {
    delete context['work'];
  }
}

/** How often a work is tried that was ended before it had its time, each time with twice the deadline. */
const TRIES = 4;

/**
 * A total of time for several works, each with a deadline of its own; what is used up is used up. What counts is the
 * processor's time: on a busy machine a sound file is not to blame for what others take. A work may be tried again, so
 * it changes nothing.
 */
export class Budget {
  #left: number;
  readonly #each: number;

  constructor(milliseconds: { all: number; each: number }) {
    this.#left = milliseconds.all;
    this.#each = milliseconds.each;
  }

  spend<T>(work: () => T): T {
    for (let tried = 1; ; tried += 1) {
      if (this.#left <= 0) throw new DeadlineExceeded();
      const limit = Math.min(this.#each, this.#left);
      const begun = processorTime();
      try {
        return withinDeadline(limit * 2 ** (tried - 1), work);
      } catch (problem) {
        const hadItsTime = processorTime() - begun >= limit / 2;
        if (!(problem instanceof DeadlineExceeded) || hadItsTime || tried === TRIES) throw problem;
      } finally {
        this.#left -= processorTime() - begun;
      }
    }
  }
}

/** Milliseconds that this process has used. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

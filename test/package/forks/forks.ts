/** Pull requests from forks that want more than a review: to run something, write elsewhere, read a token, be heard. */
import { code, commits } from './code.ts';
import { type Fork, PLANNED } from './fork.ts';
import { files, specs } from './specs.ts';

const single: readonly Fork[] = [...specs, ...files, ...code, ...commits];

/** What is harmless to compile can come in one fork: whatever it is that one of them would start, it is seen. */
const together = code.filter(({ says }) => says === PLANNED);

export const FORKS: readonly Fork[] = [
  ...single,
  {
    name: 'all code that compiles, in one fork',
    make: (fork, canary) => {
      for (const { make } of together) make(fork, canary);
    },
    says: PLANNED,
    always: true,
  },
];

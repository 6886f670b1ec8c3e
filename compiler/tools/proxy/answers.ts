/** What nginx answers in the place of an API, which a client reads as it reads the APIs' own errors. */
import type { Directive } from '../../render/nginx.ts';

/** As the APIs' own, with the number that the log has. */
export const failure = (message: string) => ({
  template: `{"error": {"message": "${message}", "details": []}, "request_id": "$request_id"}\n`,
});

/** What nginx answers itself, instead of its pages. */
export const refusal = (status: number, message: string, ...more: Directive[]): Directive[] => [
  ['error_page', String(status), `@${status}`],
  [
    'location',
    `@${status}`,
    [['internal'], ['default_type', 'application/json'], ...more, ['return', String(status), failure(message)]],
  ],
];

/** In seconds. A rate is one request per second at least. */
const RETRY_AFTER: Directive = ['add_header', 'Retry-After', '1', 'always'];

export const refusals = [
  ...refusal(413, 'The body has more bytes than any request needs.'),
  ...refusal(429, 'These are more requests than one caller may make; ask again later.', RETRY_AFTER),
  ...refusal(502, 'No API of the model can be reached.'),
  ...refusal(504, 'The API of the model did not answer in time.'),
];

/** Who calls: by a key where the environment has some, by address where it has none; and what one caller gets. */
import type { ProxySettings } from '../../ir/types.ts';
import type { Directive } from '../../render/nginx.ts';
import type { Host } from '../host.ts';
import { refusal } from './answers.ts';

/** Written when the container starts; no key stands in what is generated. */
const KEYS = '/tmp/keys.conf';

/** A name of the platform's own secrets. */
export const keySecret = (key: string): string => `proxy-${key}`;

/** Room for a key in the hash table; nginx takes it before the first `map` alone. */
export const roomForKeys: Directive = ['map_hash_bucket_size', '512'];

/** The zones are shared by all workers, and forget who has been away longest. */
export const callers = ({ requestsPerSecond, keys }: ProxySettings): Directive[] => [
  ...(keys.length > 0 ? known : []),
  ['limit_req_zone', { variable: callerOf(keys) }, 'zone=requests:10m', `rate=${requestsPerSecond}r/s`],
  ['limit_req_status', '429'],
  ['limit_conn_zone', { variable: callerOf(keys) }, 'zone=connections:10m'],
  ['limit_conn_status', '429'],
  // The access log has each of them.
  ['limit_req_log_level', 'info'],
  ['limit_conn_log_level', 'info'],
];

const callerOf = (keys: readonly string[]): string => (keys.length > 0 ? 'caller' : 'binary_remote_addr');

/**
 * One look-up in a hash table, however many keys there are, and whatever is sent. nginx does not tell upper from lower
 * case there: of the 256 bits of a key more than 220 remain.
 */
const known: Directive[] = [
  [
    'map',
    { variable: 'http_authorization' },
    { variable: 'caller' },
    [
      ['default', ''],
      ['include', KEYS],
    ],
  ],
];

/** Of a path that leads to an API. Who has no key is refused first, and uses up nobody's share. */
export const admission = ({ burst, connections, keys }: ProxySettings): Directive[] => [
  ...(keys.length > 0 ? [['if', { empty: 'caller' }, [['return', '401']]] satisfies Directive] : []),
  ['limit_req', 'zone=requests', `burst=${burst}`, 'nodelay'],
  ['limit_conn', 'connections', String(connections)],
];

/** The APIs and their logs see no key. */
export const unknownCallers = ({ keys }: ProxySettings): Directive[] =>
  keys.length === 0
    ? []
    : [
        ['proxy_set_header', 'Authorization', ''],
        ...refusal(401, 'This needs a key that is known here, as Authorization: Bearer KEY.', [
          'add_header',
          'WWW-Authenticate',
          'Bearer',
          'always',
        ]),
      ];

/** For `labels` of the access log. */
export const callerInLog = ({ keys }: ProxySettings): string => (keys.length > 0 ? '"caller": "$caller", ' : '');

/** Lines of a shell that write the keys as nginx reads them, and refuse what is no key. */
export const writeKeys = ({ keys }: ProxySettings, host: Host): string[] =>
  keys.length === 0
    ? []
    : [
        'umask 077',
        'key() { key=$(cat "$2"); ' +
          'case $key in *[!A-Za-z0-9._~+/=-]*) key=;; esac; ' +
          `case $key in ${'?'.repeat(32)}*) ;; *) ` +
          'echo "The key of $1, $2, is none: at least 32 letters, digits and ._~+/=-." >&2; exit 1;; esac; ' +
          `printf '"Bearer %s" "%s";\\n' "$key" "$1"; }`,
        `{ ${keys.map((key) => `key ${key} ${host.secretFile(keySecret(key))}`).join('; ')}; } > ${KEYS}`,
      ];

/** TLS for callers from outside; containers beside the proxy go on in plain HTTP, on a port that the host has not. */
import { portOf } from '../../ir/look-up.ts';
import type { Environment } from '../../ir/types.ts';
import type { Directive } from '../../render/nginx.ts';

/** In the container. */
export const TLS_PORT = 8443;
/** The folder of the certificate there: as a folder, so that a file that takes another's place is seen. */
export const CERTIFICATES = '/etc/nginx/tls';
const CERTIFICATE = `${CERTIFICATES}/fullchain.pem`;
const KEY = `${CERTIFICATES}/privkey.pem`;

/**
 * nginx reads a file whose name has a variable at each handshake, so a renewed one counts for the next connection, and
 * nobody has to tell nginx. The variable is always empty.
 */
export const renewable: Directive = [
  'map',
  { variable: 'ssl_server_name' },
  { variable: 'as_it_is' },
  [['default', '']],
];

/** TLS 1.2 and 1.3, with forward secrecy and authenticated encryption alone. */
export const tls = ({ host, ports }: Environment): Directive[] => [
  ['listen', String(TLS_PORT), 'ssl'],
  ['ssl_certificate', { template: `${CERTIFICATE}\${as_it_is}` }],
  ['ssl_certificate_key', { template: `${KEY}\${as_it_is}` }],
  ['ssl_protocols', 'TLSv1.2', 'TLSv1.3'],
  ['ssl_ciphers', 'ECDHE+AESGCM:ECDHE+CHACHA20'],
  ['ssl_session_cache', 'shared:tls:4m'],
  ['ssl_session_tickets', 'off'],
  // Plain HTTP where TLS is spoken: nginx calls that 497.
  ['error_page', '497', '@plain'],
  [
    'location',
    '@plain',
    [['internal'], ['return', '308', { template: `https://${host}:${portOf(ports, 'proxy')}$request_uri` }]],
  ],
];

/** A line of a shell: without them nginx would start, and fail at each handshake. */
export const seeFiles =
  `for file in ${CERTIFICATE} ${KEY}; do if [ ! -r "$file" ]; then ` +
  'echo "$file is not there, or user 101 may not read it: proxy.tls in platform.yaml says its folder." >&2; ' +
  'exit 1; fi; done';

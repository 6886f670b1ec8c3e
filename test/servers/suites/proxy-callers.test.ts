/** Who may call, and how: TLS and keys, held by nginx itself. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { connect, type SecureVersion } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { freePort } from '../../free-port.ts';
import { close, configurationWithProxy, filesWithProxy, logged, loggedAs, replica, scratch, serving } from './nginx.ts';

const PATH = '/v1/models/departure_delay';
const SECRETS = join(scratch, 'secrets');
const CERTIFICATES = join(scratch, 'tls');

/** What the container does before nginx, with the same words, on this machine's paths. */
function prepared(proxy: string): { status: number | null; stderr: string } {
  const { services } = parse(filesWithProxy(proxy).get('prod/compose/compose.yaml') ?? '') as {
    services: { proxy: { entrypoint: string[] } };
  };
  const [shell = '', option = '', script = ''] = services.proxy.entrypoint;
  const here = script
    .replaceAll('$$', '$')
    .replaceAll('/tmp/', `${scratch}/`)
    .replaceAll('/run/secrets/', `${SECRETS}/`)
    .replaceAll('/etc/nginx/tls/', `${CERTIFICATES}/`);
  assert.match(here, /\nexec nginx -g 'daemon off;'$/);
  return spawnSync(shell, [option, here.replace(/\nexec .*$/, '\n:')], { encoding: 'utf8' });
}

function give(keys: Record<string, string>): void {
  mkdirSync(SECRETS, { recursive: true });
  for (const [name, key] of Object.entries(keys)) writeFileSync(join(SECRETS, `mlops_proxy_${name}`), `${key}\n`);
}

/** As an ACME client does it: each file takes the place of the one before. */
function certify(name: string): void {
  mkdirSync(CERTIFICATES, { recursive: true });
  const [key, certificate] = [join(scratch, 'new-key.pem'), join(scratch, 'new-certificate.pem')];
  const words = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' ');
  const made = spawnSync('openssl', [...words, '-subj', `/CN=${name}`, '-keyout', key, '-out', certificate]);
  assert.is(made.status, 0, String(made.stderr));
  renameSync(key, join(CERTIFICATES, 'privkey.pem'));
  renameSync(certificate, join(CERTIFICATES, 'fullchain.pem'));
}

/** The certificate that nginx shows, and the protocol that was agreed on. */
const shaken = (port: number, at: { minVersion?: SecureVersion; maxVersion?: SecureVersion } = {}) =>
  new Promise<{ name: string; protocol: string | null }>((done, failed) => {
    // Old versions have no cipher that OpenSSL's own level allows; the refusal has to be nginx'.
    const socket = connect({ ...at, port, host: '127.0.0.1', rejectUnauthorized: false, ciphers: 'ALL:@SECLEVEL=0' });
    socket.once('error', failed).once('secureConnect', () => {
      done({ name: String(socket.getPeerCertificate().subject['CN']), protocol: socket.getProtocol() });
      socket.end();
    });
  });

const refusedBy = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nobody',
    (error: Error) => String((error as NodeJS.ErrnoException).code ?? error.message),
  );

test('TLS is 1.2 or 1.3; a renewed certificate counts at once; plain HTTP is sent to https', async () => {
  const api = await replica(200);
  const [port, secure] = [await freePort(), await freePort()];
  rmSync(CERTIFICATES, { recursive: true, force: true });
  const absent = prepared('{tls: {dir: /etc/mlops/tls}}');
  assert.is(absent.status, 1);
  assert.match(absent.stderr, /fullchain\.pem is not there, or user 101 may not read it/);
  certify('first.example.com');
  assert.is(prepared('{tls: {dir: /etc/mlops/tls}}').status, 0);
  const configuration = configurationWithProxy('{tls: {dir: /etc/mlops/tls}}', port, api.port);
  assert.match(configuration, /^ *listen 8443 ssl;$/m);
  try {
    await serving(configuration.replace('listen 8443 ssl', `listen 127.0.0.1:${secure} ssl`), port, async () => {
      assert.equal(await shaken(secure), { name: 'first.example.com', protocol: 'TLSv1.3' });
      assert.is((await shaken(secure, { maxVersion: 'TLSv1.2' })).protocol, 'TLSv1.2');
      for (const old of ['TLSv1', 'TLSv1.1'] as const)
        assert.match(
          await refusedBy(shaken(secure, { minVersion: old, maxVersion: old })),
          /ALERT_PROTOCOL_VERSION/,
          old,
        );
      certify('second.example.com');
      assert.is((await shaken(secure)).name, 'second.example.com');
      const plain = await fetch(`http://127.0.0.1:${secure}${PATH}?a=b`, { redirect: 'manual' });
      assert.is(plain.status, 308);
      assert.is(plain.headers.get('location'), `https://mlops.example.com:8000${PATH}?a=b`);
      assert.is(api.asked.length, 0);
      // Containers beside it, which the host's port does not lead to.
      assert.is((await fetch(`http://127.0.0.1:${port}${PATH}`)).status, 200);
    });
  } finally {
    close(api);
  }
});

const KEY = (letter: string): string => letter.repeat(43);

const asking = (port: number, authorization?: string) =>
  new Promise<{ status: number; challenge: string | undefined; body: string }>((done, failed) => {
    const headers = authorization === undefined ? {} : { authorization };
    request({ port, host: '127.0.0.1', path: PATH, headers, agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (part) => {
        body += part;
      });
      answer.on('end', () =>
        done({ status: answer.statusCode ?? 0, challenge: answer.headers['www-authenticate'], body }),
      );
    })
      .once('error', failed)
      .end();
  });

test('only who has a key is answered, two keys count at once, and the log has their names alone', async () => {
  const api = await replica(200);
  const port = await freePort();
  const proxy = '{burst: 3, requests_per_second: 1, tls: {dir: /etc/mlops/tls}, keys: [partner, partner_next]}';
  certify('keys.example.com');
  give({ partner: KEY('a'), partner_next: KEY('b') });
  assert.equal(prepared(proxy).stderr, '');
  const written = statSync(join(scratch, 'keys.conf'));
  assert.is(written.mode & 0o777, 0o600);
  const configuration = configurationWithProxy(proxy, port, api.port);
  assert.not.match(configuration, /aaaa|bbbb/);
  try {
    const secure = await freePort();
    await serving(configuration.replace('listen 8443 ssl', `listen 127.0.0.1:${secure} ssl`), port, async () => {
      const before = (await logged(() => true)).length;
      for (const letter of ['a', 'b']) assert.is((await asking(port, `Bearer ${KEY(letter)}`)).status, 200);
      assert.is(api.headers.authorization, undefined, 'the API sees no key');
      const wrong = [
        undefined,
        '',
        'Bearer',
        'Bearer ',
        KEY('a'),
        `Basic ${KEY('a')}`,
        `Bearer ${KEY('a').slice(1)}`,
        `Bearer ${KEY('a')}a`,
        `Bearer ${KEY('c')}`,
        `Bearer ${KEY('a')}, Bearer ${KEY('b')}`,
        'default',
        'partner',
      ];
      for (const each of wrong) {
        const { status, challenge, body } = await asking(port, each);
        assert.is(status, 401, each);
        assert.is(challenge, 'Bearer');
        const { error, request_id } = JSON.parse(body) as { error: { message: string }; request_id: string };
        assert.match(error.message, /needs a key/);
        assert.is((await loggedAs(request_id))['http.response.status_code'], 401);
      }
      assert.is(api.asked.length, 2);
      // Whoever guesses uses up nobody's share; a caller's share is its own, wherever it calls from.
      const more = [];
      for (let index = 0; index < 20; index += 1) more.push((await asking(port, `Bearer ${KEY('a')}`)).status);
      assert.ok(more[0] === 200 && more.includes(429), String(more));
      assert.is((await asking(port, `Bearer ${KEY('b')}`)).status, 200);
      const answered = before + 2 + wrong.length + more.length + 1;
      const lines = await logged(({ length }) => length >= answered);
      assert.not.match(JSON.stringify(lines), /aaaaaaaa|bbbbbbbb/i);
      const callers = lines.flatMap((line) => (line['labels'] as { caller?: string }).caller ?? []);
      assert.equal([...new Set(callers)].sort(), ['', 'partner', 'partner_next']);
    });
  } finally {
    close(api);
  }
});

test('a key that is none, or too short to be one, keeps the proxy from starting', () => {
  const proxy = '{tls: {dir: /etc/mlops/tls}, keys: [partner]}';
  certify('keys.example.com');
  for (const bad of ['', 'short', `${KEY('a')}"; } #`, `${KEY('a')} b`, KEY('\u00e4')]) {
    give({ partner: bad });
    const { status, stderr } = prepared(proxy);
    assert.is(status, 1, bad);
    assert.match(stderr, /The key of partner, .*mlops_proxy_partner, is none: at least 32 letters/);
    assert.not.match(stderr, /aaaa/);
  }
  rmSync(join(SECRETS, 'mlops_proxy_partner'));
  assert.is.not(prepared(proxy).status, 0);
  give({ partner: KEY('a') });
  assert.is(prepared(proxy).status, 0);
});

test.run();

import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { assertGoldens } from '../../test/goldens.ts';
import { ir, prod } from '../fixture.ts';
import { targets } from '../registry.ts';
import { compose } from './emit.ts';

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  secrets?: string[];
  networks: string[];
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  restart?: string;
  build?: { dockerfile: string };
}

interface File {
  services: Record<string, Service>;
  networks: Record<string, unknown>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file: string }>;
}

const emitted = compose.emitEnvironment(ir, prod);
const file = parse(emitted[0]?.content ?? '') as File;
const services = Object.entries(file.services);

test('what compose gets for the fixture is what its golden files hold', () => {
  assertGoldens(compose, join(import.meta.dirname, 'golden'));
});

test('every image has a tag, and none is the latest', () => {
  for (const [name, { image }] of services) assert.match(image, /^[a-z0-9./-]+:(?!latest)[^:]+/, name);
});

test('every volume, network, secret and dependency that is used is declared, and none is declared in vain', () => {
  const used = (list: (service: Service) => string[] | undefined) => [...new Set(services.flatMap(([, each]) => list(each) ?? []))].sort();
  const named = used(({ volumes }) => volumes?.map((each) => each.split(':')[0] ?? '').filter((each) => /^[a-z]/.test(each)));
  assert.equal(named, Object.keys(file.volumes).sort());
  assert.equal(
    used(({ networks }) => networks),
    Object.keys(file.networks).sort(),
  );
  assert.equal(
    used(({ secrets }) => secrets),
    Object.keys(file.secrets).sort(),
  );
  for (const [name, { depends_on = {} }] of services)
    for (const [other, { condition }] of Object.entries(depends_on)) {
      const found = file.services[other];
      assert.ok(found, `${name} waits for ${other}`);
      if (condition === 'service_healthy') assert.ok(found?.healthcheck, `${other} has no health check, and ${name} waits for it`);
      if (condition === 'service_completed_successfully') assert.match(found?.restart ?? '', /^on-failure/, other);
    }
});

test('every generated file that is mounted is one that a target emits, and every Dockerfile is there', () => {
  const paths = targets.flatMap((target) => [...target.emitCommon(ir), ...target.emitEnvironment(ir, prod)]).map(({ path }) => path);
  for (const [name, { volumes = [], build }] of services) {
    for (const source of volumes.map((each) => each.split(':')[0] ?? '').filter((each) => each.startsWith('.'))) {
      const path = posix.normalize(posix.join('prod/compose', source));
      assert.ok(path === './' || paths.some((each) => each === path || each.startsWith(`${path}/`)), `${name} mounts ${path}`);
    }
    if (build) assert.ok(existsSync(join(import.meta.dirname, '../../..', build.dockerfile)), name);
  }
});

test('containers reach each other by name: no address is the own machine, but in a health check of the container itself', () => {
  for (const [name, { command = [], environment = {} }] of services)
    for (const text of [...command, ...Object.values(environment)])
      assert.not.match(text.replace(/--allowed-hosts|mlflow:5000,127\.0\.0\.1:\d+/g, ''), /localhost|127\.0\.0\.1/, name);
});

test('ports of the host are those of the environment, each once, and only the proxy is open to the world', () => {
  const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port] as const));
  const numbers = published.map(([, port]) => Number(port.split(':').at(-2)));
  assert.is(new Set(numbers).size, numbers.length);
  for (const number of numbers) assert.ok(Object.values(prod.ports).includes(number), String(number));
  assert.equal(
    published.filter(([, port]) => !port.startsWith('127.0.0.1:')).map(([name]) => name),
    ['proxy'],
  );
});

test('no secret is in the file: what holds one is a reference', () => {
  for (const [name, { environment = {} }] of services)
    for (const [variable, value] of Object.entries(environment))
      if (/PASSWORD|SECRET|TOKEN|FERNET|SQL_ALCHEMY_CONN|STORE_URI/.test(variable))
        assert.match(value, /\$\$\{secret:|^\/run\/secrets\//, `${name} ${variable}`);
});

test.run();

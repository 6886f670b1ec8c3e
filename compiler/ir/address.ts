/**
 * Permanent names of objects, such as `feature_view/plane_delays/feature/last_delay`: each part is a kind, followed by
 * the object's name where there may be several of the kind. Names are encoded, so no two objects share an address.
 */

const SEVERAL = [
  ...['platform', 'owner', 'connection', 'entity', 'table', 'column', 'feature_view', 'feature', 'model'],
  ...['request_field', 'alias', 'pipeline', 'step', 'environment', 'service', 'consumer', 'container'],
  ...['monitoring', 'alert', 'dashboard', 'log_index'],
] as const;
const ONE = ['stream', 'label', 'train', 'online', 'batch'] as const;

type Several = (typeof SEVERAL)[number];
type One = (typeof ONE)[number];

export type AddressPart = { kind: Several; name: string } | { kind: One; name?: undefined };

const named =
  (kind: Several) =>
  (name: string): string =>
    `${kind}/${encode(name)}`;

const within =
  (kind: Several, inside: Several) =>
  (outer: string, name: string): string =>
    `${kind}/${encode(outer)}/${inside}/${encode(name)}`;

const only =
  (kind: Several, part: One) =>
  (name: string): string =>
    `${kind}/${encode(name)}/${part}`;

export const address = {
  platform: named('platform'),
  owner: named('owner'),
  connection: named('connection'),
  entity: named('entity'),
  table: named('table'),
  column: within('table', 'column'),
  featureView: named('feature_view'),
  feature: within('feature_view', 'feature'),
  stream: only('feature_view', 'stream'),
  model: named('model'),
  label: only('model', 'label'),
  /** A feature as a model uses it. */
  modelFeature: (model: string, view: string, feature: string): string =>
    `model/${encode(model)}/feature_view/${encode(view)}/feature/${encode(feature)}`,
  requestField: within('model', 'request_field'),
  train: only('model', 'train'),
  alias: within('model', 'alias'),
  online: only('model', 'online'),
  batch: only('model', 'batch'),
  pipeline: named('pipeline'),
  step: within('pipeline', 'step'),
  environment: named('environment'),
  service: within('environment', 'service'),
  consumer: within('environment', 'consumer'),
  container: within('environment', 'container'),
  alert: within('monitoring', 'alert'),
  dashboard: within('monitoring', 'dashboard'),
  logIndex: within('monitoring', 'log_index'),
} as const;

/** The parts of an address; null where the text is not one. */
export function parseAddress(text: string): AddressPart[] | null {
  const words = text.split('/');
  const parts: AddressPart[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const kind = words[at] as string;
    if (isOneOf(ONE, kind)) parts.push({ kind });
    else {
      at += 1;
      const name = words[at];
      if (!isOneOf(SEVERAL, kind) || name === undefined) return null;
      parts.push({ kind, name: decode(name) });
    }
  }
  const again = parts.map(({ kind, name }) => (name === undefined ? kind : `${kind}/${encode(name)}`));
  return again.join('/') === text ? parts : null;
}

const isOneOf = <T extends string>(list: readonly T[], word: string): word is T =>
  (list as readonly string[]).includes(word);

const PLAIN = /^[A-Za-z0-9_.-]*$/;

/** Half of a surrogate pair cannot be written in UTF-8; its code unit stands for it. */
const encode = (name: string): string =>
  PLAIN.test(name)
    ? name
    : name.replace(/[^A-Za-z0-9_.-]/gu, (character) =>
        /[\uD800-\uDFFF]/u.test(character)
          ? `%u${character.charCodeAt(0).toString(16)}`
          : encodeURIComponent(character),
      );

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const decode = (text: string): string =>
  text.replace(/%u([0-9a-f]{4})|(?:%[0-9A-F]{2})+/g, (found, unit: string | undefined) =>
    unit === undefined
      ? utf8.decode(Uint8Array.from(found.slice(1).split('%'), (byte) => Number.parseInt(byte, 16)))
      : String.fromCharCode(Number.parseInt(unit, 16)),
  );

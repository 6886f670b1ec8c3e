/**
 * Contents under the operator's key. Each file has a key of its own, made of the operator's and a random salt, and is a
 * row of frames, each sealed by AES-256-GCM under its number and whether it is the last: so what was changed, cut,
 * lengthened or put in another order is known (the construction STREAM, as age has it).
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const MAGIC = Buffer.from('mlops-backup-aes-256-gcm-1\n');
const KEY_ID = 8;
const SALT = 32;
const HEADER = MAGIC.length + KEY_ID + SALT;
const TAG = 16;

/** Bytes of content per frame. */
export const FRAME = 1 << 20;

export interface Cipher {
  /** Tells one key from another, and nothing else of it. */
  id: string;
  /** What a content is called: whoever has no key cannot tell whether a content that they have is among them. */
  nameOf(sha256: string): string;
  sizeOf(bytes: number): number;
  seal(): Sealing;
  /** Throws `Unsealable`. */
  open(header: Buffer): Opening;
}

export interface Sealing {
  header: Buffer;
  frame(content: Buffer, isLast: boolean): Buffer;
}

export interface Opening {
  frame(sealed: Buffer, isLast: boolean): Buffer;
}

export class Unsealable extends Error {
  constructor(readonly why: 'plain' | 'other key' | 'damaged') {
    super(why);
  }
}

export const HEADER_BYTES = HEADER;
export const SEALED_FRAME = FRAME + TAG;
export const isSealed = (start: Buffer): boolean => start.subarray(0, MAGIC.length).equals(MAGIC);

export function cipherOf(key: Buffer): Cipher {
  const purpose = (name: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', `mlops backup ${name}`, 32));
  const id = purpose('id').subarray(0, KEY_ID);
  const names = purpose('names');
  const contents = purpose('contents');
  const keyOf = (salt: Buffer): Buffer => Buffer.from(hkdfSync('sha256', contents, salt, 'mlops backup file', 32));
  return {
    id: id.toString('hex'),
    nameOf: (sha256) => createHmac('sha256', names).update(sha256).digest('hex'),
    sizeOf: (bytes) => HEADER + bytes + TAG * Math.max(1, Math.ceil(bytes / FRAME)),
    seal() {
      const salt = randomBytes(SALT);
      const own = keyOf(salt);
      let number = 0;
      return {
        header: Buffer.concat([MAGIC, id, salt]),
        frame(content, isLast) {
          const cipher = createCipheriv('aes-256-gcm', own, nonce(number++, isLast));
          return Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()]);
        },
      };
    },
    open(header) {
      if (header.length < HEADER) throw new Unsealable('damaged');
      if (!isSealed(header)) throw new Unsealable('plain');
      if (!header.subarray(MAGIC.length, MAGIC.length + KEY_ID).equals(id)) throw new Unsealable('other key');
      const own = keyOf(header.subarray(MAGIC.length + KEY_ID, HEADER));
      let number = 0;
      return {
        frame(sealed, isLast) {
          if (sealed.length < TAG) throw new Unsealable('damaged');
          const decipher = createDecipheriv('aes-256-gcm', own, nonce(number++, isLast), { authTagLength: TAG });
          decipher.setAuthTag(sealed.subarray(-TAG));
          try {
            return Buffer.concat([decipher.update(sealed.subarray(0, -TAG)), decipher.final()]);
          } catch {
            throw new Unsealable('damaged');
          }
        },
      };
    },
  };
}

/** Of what is small enough to be held at once. */
export function sealed(content: Buffer, cipher: Cipher): Buffer {
  const sealing = cipher.seal();
  return Buffer.concat([
    sealing.header,
    ...split(content, FRAME).map((part, at, all) => sealing.frame(part, at === all.length - 1)),
  ]);
}

export function opened(stored: Buffer, cipher: Cipher): Buffer {
  const opening = cipher.open(stored.subarray(0, HEADER));
  const parts = split(stored.subarray(HEADER), SEALED_FRAME);
  return Buffer.concat(parts.map((part, at) => opening.frame(part, at === parts.length - 1)));
}

const split = (content: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.max(1, Math.ceil(content.length / size)) }, (_, at) =>
    content.subarray(at * size, (at + 1) * size),
  );

/** No key seals two frames under the same one: the number counts within a file, and each file has its key. */
function nonce(number: number, isLast: boolean): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(number, 7);
  bytes[11] = isLast ? 1 : 0;
  return bytes;
}

/** Texts without secrets: those that are known by their value, however written, and those that look like one. */
import { lookForSecrets } from '../credentials/report.ts';
import { shown } from '../diagnostics/shown.ts';
import type { KnownSecrets } from './known-secrets.ts';

export function covered(texts: ReadonlyMap<string, string>, secrets: KnownSecrets): Map<string, string> {
  // The longest first: one may be part of another.
  const forms = [...secrets]
    .flatMap(([value, name]) => formsOf(value).map((form) => [form, name] as const))
    .sort(([one], [other]) => other.length - one.length);
  const without = new Map(
    [...texts].map(([file, text]) => [
      file,
      forms.reduce((rest, [form, name]) => rest.replaceAll(form, `[secret ${name}]`), text),
    ]),
  );
  return lookForSecrets([], () => false, without).shown(without);
}

/** As text, in an address, in JSON, and in a header or a manifest. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const json = JSON.stringify(value).slice(1, -1);
  return [
    ...new Set([
      value,
      shown(value),
      encodeURIComponent(value),
      json,
      JSON.stringify(json).slice(1, -1),
      ...inBase64(bytes).filter((form) => form.length >= 6),
      bytes.toString('hex'),
    ]),
  ];
}

/** Within something longer, such as `user:password`, it stands at one of three offsets; the ends mix with that. */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64url');
    const from = Math.ceil((offset * 8) / 6);
    const form = text.slice(from, Math.floor(((offset + bytes.length) * 8) / 6));
    return [form, form.replaceAll('-', '+').replaceAll('_', '/')];
  });
}

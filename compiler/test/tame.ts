/** Whether a comment is ours alone: nothing that it quotes is a tag, a link, a mention, or ends what it stands in. */
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import * as assert from 'uvu/assert';

const OURS = new RegExp(
  '^</?(h3|h4|p|table|thead|tbody|tr|th|td|strong|code|pre|ul|li|details|summary|br)' +
    String.raw`( class="language-mermaid")?\s*/?>$`,
);

/** As GitHub reads it: tags, then the text outside of code. */
export function requireTame(markdown: string): void {
  const page = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  const body = page.replace('<!-- mlops review -->', '');
  for (const [tag] of body.matchAll(/<[^>]*>/g)) assert.match(tag, OURS);
  const text = body
    .replace(/<(code|pre)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot);/g, '.');
  for (const [line] of markdown.matchAll(/^\|.*$/gm)) assert.ok([4, 5].includes(line.match(/\|/g)?.length ?? 0), line);
  assert.not.match(text, /@\w|#\d|:\/\/|\bwww\.|\bGH-\d/i);
  assert.is(body.match(/<details>/g)?.length ?? 0, body.match(/<\/details>/g)?.length ?? 0);
  assert.is(body.match(/<table>/g)?.length ?? 0, body.match(/<\/table>/g)?.length ?? 0);
}

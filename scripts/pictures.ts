/**
 * `npm run pictures`: the pictures of the README, by a headless Chromium, of what tests keep: the plan of a pull
 * request as a terminal shows it, and the comment that it is answered with.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { $ } from 'zx';

const root = join(import.meta.dirname, '..');
const target = join(root, 'docs/pictures');
const kept = (name: string): string => readFileSync(join(root, 'compiler/test', name), 'utf8');

const TERMINAL = `body { background: #0d1117; color: #e6edf3; margin: 0; padding: 16px 20px; }
pre { font: 13px/1.5 ui-monospace, 'DejaVu Sans Mono', monospace; margin: 0; white-space: pre-wrap; }`;

/** As GitHub shows a comment. */
const COMMENT = `body { font: 14px/1.5 system-ui, sans-serif; margin: 0; padding: 4px 20px; color: #1f2328; }
table { border-collapse: collapse; }
th, td { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left; vertical-align: top; }
code { background: #eff1f3; border-radius: 6px; padding: 2px 5px; }
code { font: 12px ui-monospace, 'DejaVu Sans Mono', monospace; }`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const page = (style: string, body: string): string =>
  `<!doctype html><meta charset="utf-8"><style>${style}</style>${body}`;

const pictures = [
  {
    name: 'plan.png',
    size: '1000,560',
    text: page(TERMINAL, `<pre>$ mlops plan\n${escaped(kept('pull-request.txt'))}</pre>`),
  },
  {
    name: 'comment.png',
    size: '1000,757',
    text: page(
      COMMENT,
      micromark(kept('pull-request.md'), {
        extensions: [gfm()],
        htmlExtensions: [gfmHtml()],
        allowDangerousHtml: true,
      }),
    ),
  },
];

const folder = mkdtempSync(join(tmpdir(), 'mlops-pictures-'));
try {
  mkdirSync(target, { recursive: true });
  for (const { name, size, text } of pictures) {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, text);
    const words = ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--window-size=${size}`];
    const own = [`--user-data-dir=${join(folder, 'profile')}`, `--screenshot=${join(target, name)}`];
    await $({ timeout: '120s', quiet: true })`chromium ${words} ${own} ${pathToFileURL(file).href}`;
    console.log(`docs/pictures/${name}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

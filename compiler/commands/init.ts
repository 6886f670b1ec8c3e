import { basename, resolve } from 'node:path';
import { printable } from '../diagnostics/printable.ts';
import { addFiles } from '../init/add.ts';
import { offsetOf } from '../init/port-offset.ts';
import { type Choices, filesOf } from '../init/repository.ts';
import { version } from '../product/product.ts';
import { type Arguments, type Command, UsageError } from './command.ts';
import { command as compile } from './compile.ts';
import { reportingFailures } from './operating.ts';

export const command: Command = {
  options: {
    example: { type: 'boolean', default: false, help: 'with a pipeline, a feature view and a model to try it with' },
    staging: { type: 'boolean', default: false, help: 'with an environment of real servers on one machine' },
    prod: { type: 'boolean', default: false, help: 'with an environment of containers on a host' },
    name: { type: 'string', value: 'NAME', help: "the platform's name (default: the folder's)" },
    owner: { type: 'string', value: 'TEAM', default: 'team', help: 'who is responsible' },
    email: { type: 'string', value: 'ADDRESS', help: "the team's address (default: TEAM@example.com)" },
    timezone: { type: 'string', value: 'ZONE', default: 'UTC', help: 'time zone of schedules, such as Europe/Berlin' },
    'port-offset': {
      type: 'string',
      value: 'N',
      help: "added to local's ports (default: follows from DIR, so that repositories on one machine do not meet)",
    },
    compiler: {
      type: 'string',
      value: 'WHERE',
      help: 'what npm gets the compiler by, such as file:../mlops-compiler.tgz (default: this version)',
    },
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const root = resolve(context.root, positionals[0] ?? '');
      const { added, kept } = addFiles(root, filesOf(choicesOf(root, options)));
      for (const path of added) context.out(`new   ${path}\n`);
      for (const path of kept) context.out(`kept  ${path}: it was there, and is as it was\n`);
      const exit = await compile.run(
        { positionals: [], options: { check: false, format: 'text' } },
        { ...context, root },
      );
      // A package.json that was there has none of our scripts.
      const next = kept.includes('package.json')
        ? `npm install --save-exact mlops-compiler@${version()} && npx mlops up (package.json is yours)`
        : 'npm install && npm run up (README.md says more)';
      if (exit === 0) context.out(`\nNext, in ${printable(root)}: ${next}\n`);
      return exit;
    }),
};

const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const LABEL = /^[a-z][a-z0-9_-]{0,62}$/;
const ADDRESS = /^[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9][A-Za-z0-9.-]*$/;

function choicesOf(root: string, options: Arguments['options']): Choices {
  const owner = String(options['owner']);
  const portOffset = offsetFrom(String(options['port-offset'] ?? offsetOf(root)), options['staging'] === true);
  const choices = {
    name: String(options['name'] ?? nameFrom(basename(root))),
    owner,
    email: String(options['email'] ?? `${owner}@example.com`),
    timezone: String(options['timezone']),
    portOffset,
    stagingPortOffset: portOffset + STAGING,
    compiler: String(options['compiler'] ?? version()),
    example: options['example'] === true,
    staging: options['staging'] === true,
    prod: options['prod'] === true,
  };
  require('name', choices.name, NAME, 'lower-case letters, digits and underscores, beginning with a letter');
  require('owner', owner, LABEL, 'lower-case letters, digits, hyphens and underscores, beginning with a letter');
  require('email', choices.email, ADDRESS, 'an e-mail address');
  require('timezone', choices.timezone, /^[A-Za-z0-9_+/-]{1,60}$/, 'a time zone such as Europe/Berlin');
  require('compiler', choices.compiler, /^[\w@:./+~^-]+$/, 'a version, or the place of a package');
  return choices;
}

/** How far staging's ports are from local's, and the highest offset that platform.yaml allows. */
const STAGING = 10_000;
const HIGHEST = 40_000;

function offsetFrom(text: string, staging: boolean): number {
  const highest = HIGHEST - (staging ? STAGING : 0);
  const offset = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (offset <= highest) return offset;
  throw new UsageError(`--port-offset '${printable(text)}' is not a whole number from 0 to ${highest}`);
}

/** `My shop` gives `my_shop`; what has no letter at all, a name that is changed later. */
const nameFrom = (folder: string): string =>
  folder
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 63) || 'platform';

function require(option: string, value: string, form: RegExp, words: string): void {
  if (!form.test(value)) throw new UsageError(`--${option} '${printable(value)}' is not ${words}`);
}

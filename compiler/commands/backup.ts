import { type BackedUp, backUp } from '../backup/backup.ts';
import type { Cipher } from '../backup/cipher.ts';
import { KEY_VARIABLE, statedKey } from '../backup/key.ts';
import { lastBackup } from '../backup/last.ts';
import { type Listed, listBackups } from '../backup/list.ts';
import { formatBytes } from '../diagnostics/bytes.ts';
import { printable } from '../diagnostics/printable.ts';
import { type Arguments, type Command, type Context, UsageError } from './command.ts';
import { environmentOption, reportingFailures, workspaceOf } from './operating.ts';
import { count } from './report.ts';

/** Of the command, and of `mlops restore`. */
export const keyOption = {
  type: 'string',
  value: 'FILE',
  help: `of the key that it is encrypted with: 32 bytes as base64 or hex; also ${KEY_VARIABLE}, the key itself`,
} as const;

const isReadable = (cipher: Cipher | null): string =>
  cipher === null
    ? 'It holds secrets, and is not encrypted (--key): keep it where only you can read.'
    : `It is encrypted, and nothing brings it back without that key (${cipher.id}).`;

export const command: Command = {
  options: {
    env: environmentOption,
    to: { type: 'string', value: 'FOLDER', help: 'where backups are kept, of any number of environments' },
    key: keyOption,
    keep: {
      type: 'string',
      value: 'N',
      help: 'read the new one to its last byte, then let older good ones leave until so many are left, it included',
    },
    format: { type: 'string', default: 'text', choices: ['text', 'json'], help: 'how to print it' },
  },
  run: ({ positionals: [verb, folder], options }, context) =>
    reportingFailures(context, async () => {
      if (verb === 'list') return list(folder, options, context);
      if (verb !== undefined) throw new UsageError('it is `mlops backup --to FOLDER`, or `mlops backup list [FOLDER]`');
      if (!options['to']) throw new UsageError('--to names the folder to back up to, best on another disk');
      const keep = options['keep'] === undefined ? null : String(options['keep']);
      if (keep !== null && !/^[1-9]\d{0,4}$/.test(keep))
        throw new UsageError('--keep is how many backups are left, the new one included, such as 14');
      const workspace = workspaceOf(context, options);
      const to = String(options['to']);
      const cipher = statedKey(options['key'] as string | undefined, { apartFrom: [to, workspace.state] });
      const made = await backUp(workspace, to, { cipher, keep: keep === null ? null : Number(keep) });
      if (options['format'] === 'json') context.out(`${JSON.stringify(made)}\n`);
      else for (const line of linesOf(made, String(options['env']), cipher)) context.out(`${line}\n`);
      return 0;
    }),
};

function linesOf({ id, files, bytes, copied, ...made }: BackedUp, environment: string, cipher: Cipher | null) {
  const { leftOut, withoutServers, plainBefore, older } = made;
  return [
    `Backup ${id} of '${environment}': ${count(files, 'file')}, ${formatBytes(bytes)}, of which ` +
      `${formatBytes(copied.bytes)} were new. ${isReadable(cipher)}`,
    ...leftOut.map((path) => `Left out: ${printable(path)}, which leads outside or is no file.`),
    ...(plainBefore === 0
      ? []
      : [`Not encrypted: ${count(plainBefore, 'earlier backup')} in that folder, and what they hold.`]),
    ...(withoutServers.length === 0
      ? []
      : [`Not in it, and empty after a restore: what ${withoutServers.join(', ')} keep.`]),
    ...(older === null
      ? []
      : [
          `It was read to its last byte; ${count(older.left.length, 'older one')} removed, which freed ` +
            `${formatBytes(older.freedBytes)}.`,
        ]),
    ...(older?.stayed ?? []).map((each) => `Not counted, and left as it is: ${each}; \`mlops backup list\` says why.`),
  ];
}

/** Exits with 1 where one of them could not be restored. */
function list(named: string | undefined, options: Arguments['options'], context: Context): number {
  const workspace = workspaceOf(context, options);
  if (named === '') throw new UsageError('the folder has no name: it is `mlops backup list [FOLDER]`');
  const folder = named ?? lastBackup(workspace)?.folder;
  const isText = options['format'] === 'text';
  if (folder === undefined) {
    const never = `'${workspace.environment}' was never backed up; \`mlops backup --to FOLDER\` does.\n`;
    context.out(isText ? never : '[]\n');
    return 0;
  }
  const found = listBackups(folder, statedKey(options['key'] as string | undefined));
  if (!isText) context.out(`${JSON.stringify(found)}\n`);
  else if (found.length === 0) context.out(`${printable(folder)} holds no backup.\n`);
  else for (const each of found) context.out(`${printable(lineOf(each))}\n`);
  if (isText && found.some(({ state }) => state === 'unread'))
    context.out('What is encrypted can be looked at with its key: --key FILE.\n');
  return found.some(({ state }) => state === 'damaged') ? 1 : 0;
}

const lineOf = ({ environment, id, at, encrypted, release, bytes, state, problem }: Listed): string =>
  [
    at.slice(0, 16).replace('T', ' '),
    environment.padEnd(10),
    id,
    (release ?? '-').padEnd(12),
    (bytes === null ? '-' : formatBytes(bytes)).padStart(9),
    encrypted ? 'encrypted' : 'plain    ',
    problem === null ? state : `${state}: ${problem}`,
  ].join('  ');

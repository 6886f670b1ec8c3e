import { nearest } from '../diagnostics/nearest.ts';
import { printable } from '../diagnostics/printable.ts';
import { createProgress } from '../operate/progress.ts';
import { writeSecret } from '../operate/supervisor/kept-secrets.ts';
import { makeOwnSecrets, type SecretPlace, secretPlaces, secretValue } from '../operate/supervisor/secret-places.ts';
import { openWorkspace, type Workspace } from '../operate/workspace.ts';
import { rotate as rotateSecret } from '../release/rotate.ts';
import { type Arguments, type Command, type Context, UsageError } from './command.ts';
import { environmentOption, reportingFailures, runningOf } from './operating.ts';
import { readHidden } from './read-hidden.ts';

const LONGEST = 64 * 1024;

export const command: Command = {
  options: {
    env: environmentOption,
    show: { type: 'boolean', default: false, help: 'list: print the values, too' },
    format: { type: 'string', default: 'text', choices: ['text', 'json'], help: 'how to print the list' },
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const [action = '', name] = positionals;
      const workspace = openWorkspace(context.root, String(options['env']));
      const work = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (!work) throw new UsageError(`secrets has the actions ${Object.keys(actions).join(', ')}`);
      if (!['set', 'rotate'].includes(action) && name !== undefined)
        throw new UsageError(`secrets ${action} takes no name`);
      return work({ workspace, places: secretPlaces(workspace), name, options, context });
    }),
};

interface Asked {
  workspace: Workspace;
  places: SecretPlace[];
  name: string | undefined;
  options: Arguments['options'];
  context: Context;
}

const actions: Record<string, (asked: Asked) => Promise<number> | number> = { set, list, make, rotate };

/** The value comes by standard input or a prompt that shows nothing: what stands in the command is seen by all. */
async function set({ workspace, places, name, context }: Asked): Promise<number> {
  if (name === undefined) throw new UsageError('secrets set needs a NAME; its value comes by standard input');
  const place = known(places, name);
  if (place.isOwn) throw new UsageError(`'${name}' is the platform's own; \`mlops secrets make\` makes it`);
  if (place.file === null)
    throw new UsageError(`the containers get '${name}' from the variable ${place.variable} of who starts them`);
  const value = (await readHidden(`Value of ${name}: `, LONGEST, context)).replace(/\r?\n$/, '');
  if (value === '') throw new UsageError(`no value was given, so '${name}' is as it was`);
  if (value.includes('\0')) throw new UsageError('a value cannot hold a zero byte');
  if (value.length > LONGEST) throw new UsageError(`a value has at most ${LONGEST / 1024} kB`);
  const before = secretValue({ ...place, variable: null });
  const { environment } = workspace;
  if (before === value) {
    context.out(`'${name}' of ${environment} has that value already; nothing was changed.\n`);
    return 0;
  }
  writeSecret(place.file, value, place.mode);
  context.out(`'${name}' of ${environment} is ${before === null ? 'set' : 'another one now'} (${place.file}).\n`);
  const { variable } = place;
  if (variable !== null && process.env[variable])
    context.err(`The variable ${variable} of this shell goes first; unset it for the value that was set.\n`);
  if (variable !== null) context.out(`\`mlops deploy --env ${environment}\` hands it to what runs, and says so.\n`);
  return 0;
}

async function rotate({ name, options, context }: Asked): Promise<number> {
  if (name === undefined) throw new UsageError('secrets rotate needs the NAME of a secret that the platform has made');
  const workspace = runningOf(context, options);
  const { environment } = workspace;
  const count = await rotateSecret(workspace, createProgress(context), name);
  const next =
    count === null ? `\`mlops up --env ${environment}\` starts with it` : 'nothing knows the old one any more';
  context.out(`'${name}' of ${environment} is another one now; ${next}.\n`);
  return 0;
}

function known(places: readonly SecretPlace[], name: string): SecretPlace {
  const found = places.find((each) => each.name === name || each.variable === name);
  if (found) return found;
  const names = places.filter(({ isOwn }) => !isOwn).map((each) => each.name);
  const near = nearest(name, names);
  const hint = near ? `did you mean '${near}'?` : `they are ${names.join(', ') || 'none: a connection refers to one'}`;
  throw new UsageError(`no compiled spec refers to a secret '${printable(name)}'; ${hint}`);
}

function list({ workspace, places, options, context }: Asked): number {
  const rows = places.map((place) => {
    const value = secretValue(place);
    const from = value !== null && place.variable !== null && process.env[place.variable] ? 'variable' : 'file';
    return { ...place, value, state: value === null ? 'missing' : `set (${place.isOwn ? 'own' : from})` };
  });
  if (options['format'] === 'json') {
    const told = rows.map(({ name, file, variable, state, value }) => ({
      ...{ name, file, variable, isSet: value !== null, state },
      ...(options['show'] ? { value } : {}),
    }));
    context.out(`${JSON.stringify({ environment: workspace.environment, secrets: told }, null, 2)}\n`);
    return 0;
  }
  if (rows.length === 0) context.out(`Nothing of '${workspace.environment}' reads a secret.\n`);
  const width = Math.max(4, ...rows.map(({ name }) => name.length));
  for (const { name, state, variable, file, value } of rows) {
    const shown = options['show'] && value !== null ? `  ${printable(value)}` : '';
    context.out(`${name.padEnd(width)}  ${state.padEnd(14)}  ${variable ?? file}${shown}\n`);
  }
  return 0;
}

function make({ workspace, places, context }: Asked): number {
  for (const file of makeOwnSecrets(places)) context.out(`made: ${file}\n`);
  const missing = places.filter((place) => secretValue(place) === null);
  for (const { name, file, variable } of missing)
    context.out(
      file === null
        ? `missing: set the variable ${variable} for docker compose\n`
        : `missing: write the secret '${name}' into ${file}\n`,
    );
  if (missing.some(({ file }) => file !== null))
    context.out(`\`mlops secrets set NAME --env ${workspace.environment}\` asks for a value and writes it.\n`);
  return missing.length > 0 ? 1 : 0;
}

/**
 * Writes docs/messages.md: ten mistakes, and what `mlops`, rustc and Terraform say of each. The two others are run
 * where they are found (`rustc`, `terraform` or $TERRAFORM); what was not run is said.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { readCases } from '../compiler/test/cases.ts';

$.verbose = false;
$.nothrow = true;
const folder = join(import.meta.dirname, 'comparison/messages');
const terraform = process.env['TERRAFORM'] ?? 'terraform';
const versions = {
  rustc: (await $`rustc --version`).stdout.trim(),
  terraform: (await $`${terraform} version`).stdout.split('\n')[0]?.trim() ?? '',
};
const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
  text.replace(/\u001b\[[0-9;]*m/g, '').trimEnd();

async function rustc(from: string): Promise<string> {
  // Not /dev/null: what writes it as root may put a file in the place of the device.
  const { stderr } = await $({
    cwd: from,
  })`rustc --edition 2021 --crate-name main -A warnings --emit metadata -o main.rmeta main.rs`;
  return plain(stderr);
}

/** What Terraform says before each of its sentences is left out. */
const NOISE = /^Initializing.*\n|^- .*\n|^Error: Terraform encountered problems[\s\S]*?need to be installed\.\n+/gm;

async function validate(from: string): Promise<string> {
  const env = { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null' };
  const started = await $({ cwd: from, env })`${terraform} init -backend=false -no-color`;
  if (started.exitCode !== 0) return plain(`${started.stdout}${started.stderr}`.replace(NOISE, '').trimStart());
  const { stdout, stderr } = await $({ cwd: from, env })`${terraform} validate -no-color`;
  return plain(`${stdout}${stderr}`);
}

const blocks: string[] = [];
for (const name of readdirSync(folder).sort()) {
  const source = join(folder, name);
  const wanted = `${readFileSync(join(source, 'case'), 'utf8').trim()}.txt`;
  const ours = readCases().find((each) => each.name === wanted);
  if (!ours) throw new Error(`there is no case ${wanted}`);
  const beside = mkdtempSync(join(tmpdir(), 'mlops-messages-'));
  cpSync(source, beside, { recursive: true });
  const others = [
    versions.rustc ? `rustc:\n\n\`\`\`\n${await rustc(beside)}\n\`\`\`\n` : '',
    versions.terraform ? `Terraform:\n\n\`\`\`\n${await validate(beside)}\n\`\`\`\n` : '',
  ];
  rmSync(beside, { recursive: true });
  const [number = '', ...words] = name.split('-');
  blocks.push(
    `## ${Number(number)}. ` +
      `${words.join(' ')}\n\nmlops:\n\n\`\`\`\n${ours.expected.trimEnd()}\n\`\`\`\n\n` +
      others.filter(Boolean).join('\n'),
  );
  console.log(`${name}: done`);
}
const head = readFileSync(join(import.meta.dirname, 'comparison/messages.md'), 'utf8')
  .replace('{rustc}', versions.rustc || 'rustc, which was not found here')
  .replace('{terraform}', versions.terraform || 'Terraform, which was not found here');
writeFileSync(join(import.meta.dirname, '../docs/messages.md'), `${head}\n${blocks.join('\n')}`);

/**
 * Writes docs/comparison.md: the ten defects of hand-made platforms, and which of them other tools find before anything
 * is deployed. $DAG_FACTORY, $FEAST and $DBT name their programs, where these are not on the path; a tool that is not
 * found is said to be so.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { readCases } from '../compiler/test/cases.ts';

$.verbose = false;
$.nothrow = true;
const folder = join(import.meta.dirname, 'comparison/tools');

interface Tool {
  name: string;
  version: string;
  check(from: string): Promise<{ exitCode: number | null; text: string }>;
}

const program = (variable: string, name: string): string => process.env[variable] ?? name;
/** Of the package, from the Python that stands beside its program; empty where it is not there. */
const versionOf = async (path: string, packageName: string): Promise<string> => {
  const found = (await $`command -v ${path}`).stdout.trim();
  if (found === '') return '';
  const question = `import importlib.metadata as m; print(m.version(${JSON.stringify(packageName)}))`;
  return (await $`${join(found, '../python')} -c ${question}`).stdout.trim();
};

async function tools(): Promise<Tool[]> {
  const [dagFactory, feast, dbt] = [
    program('DAG_FACTORY', 'dagfactory'),
    program('FEAST', 'feast'),
    program('DBT', 'dbt'),
  ];
  const run = async (from: string, ...command: string[]) => {
    const { exitCode, stdout, stderr } = await $({
      cwd: from,
      env: { ...process.env, NO_COLOR: '1', DBT_PROFILES_DIR: from },
    })`${command}`;
    return { exitCode, text: `${stdout}\n${stderr}` };
  };
  return [
    {
      name: 'dag-factory',
      version: await versionOf(dagFactory, 'dag-factory'),
      check: (from) => run(from, dagFactory, 'lint', '.'),
    },
    {
      name: 'feast',
      version: await versionOf(feast, 'feast'),
      async check(from) {
        const python = join(feast, '../python');
        const rows =
          'import pandas as pd; t = pd.Timestamp("2026-01-01", tz="UTC"); pd.DataFrame({"customer": [1], ' +
          '"clicks_24h": [2], "clicked_at": [t]}).to_parquet("clicks.parquet")';
        await $({ cwd: from })`${existsSync(python) ? python : 'python3'} -c ${rows}`;
        return run(from, feast, 'plan');
      },
    },
    {
      name: 'dbt',
      version: await versionOf(dbt, 'dbt-core'),
      check: (from) => run(from, dbt, 'compile', '--no-use-colors'),
    },
  ];
}

const sentence = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/^[\d:]+\s+/, '').trim())
    .findLast((line) => /^\w*(Error|Exception)\b.*:|not found|depends on a node/i.test(line))
    ?.slice(0, 160)
    .replaceAll('|', '\\|') ?? '';

async function verdict(tool: Tool, number: string): Promise<string> {
  const source = join(folder, tool.name, number);
  if (!existsSync(source)) return 'cannot be stated';
  if (tool.version === '') return 'not run';
  const beside = mkdtempSync(join(tmpdir(), 'mlops-tools-'));
  cpSync(source, beside, { recursive: true });
  const { exitCode, text } = await tool.check(beside);
  rmSync(beside, { recursive: true, force: true });
  return exitCode === 0 ? '**accepted**' : `found: ${sentence(text)}`;
}

const all = await tools();
const rows: string[] = [];
for (const ours of readCases().filter(({ name }) => name.startsWith('defect-'))) {
  const number = ours.name.slice(7, 9);
  const [, code = '', message = ''] = /^(?:error|warning) (\w+): (.*)$/m.exec(ours.expected) ?? [];
  const others: string[] = [];
  for (const tool of all) others.push(await verdict(tool, number));
  const what = ours.sentence.replace(/^Defect \d+[^:]*: /, '').replace(/\.$/, '');
  rows.push(`| ${Number(number)}. ${what} | found: ${code}, ${message.slice(0, 120)} | ${others.join(' | ')} |`);
  console.log(`defect ${number}: ${others.join(' / ')}`);
}
const head = readFileSync(join(import.meta.dirname, 'comparison/tools.md'), 'utf8');
const table = [
  '| mistake | mlops | ' +
    `${all.map(({ name, version }) => `${name}${version ? ` ${version}` : ' (not found)'}`).join(' | ')} |`,
  `| --- | --- | ${all.map(() => '---').join(' | ')} |`,
  ...rows,
].join('\n');
writeFileSync(join(import.meta.dirname, '../docs/comparison.md'), head.replace('{table}', table));

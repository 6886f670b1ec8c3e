/**
 * `npm run test:repositories`: what two teams hand in (`test/repositories/city`), from the packed files, in a folder
 * where no checkout is: their tests, `up`, data from a helpdesk that asks for a token, models that beat what is naive,
 * predictions online for known and unknown keys, scores of all hours to come, a notebook, `down`.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { $ } from 'zx';
import { scoringPipeline, trainingPipeline } from '../compiler/link/derived-names.ts';
import { addressOf } from '../compiler/operate/supervisor/process-plan.ts';
import { openWorkspace } from '../compiler/operate/workspace.ts';
import { Mlflow } from './demo/mlflow.ts';
import { executeNotebook } from './demo/notebook.ts';
import { buildPackage } from './packaging/package.ts';
import { startHelpdesk } from './repositories/helpdesk.ts';
import { countedIn } from './testing/steps.ts';

/** So that a platform beside it goes on, and below the ports that the system itself gives away. */
const PORT_OFFSET = 24_000;
const NOTEBOOK_PORT = 32_750;
const TOKEN = 'shift-leader-4711';
/** Share of the naive prediction's error that each champion must save. */
const SAVES = { demand_2h: ['mae', 0.4], demand_24h: ['mae', 0.3], urgent: ['log_loss', 0.1] } as const;
type Model = keyof typeof SAVES;
const MODELS = Object.keys(SAVES) as Model[];
const RUSH_HOUR = { station: 'st07', hour: 17, weekday: 3 };
const TICKET = { words: 80, exclamations: 2, outage: true };

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-repositories-'));
const city = join(folder, 'city');
const tally = { passed: 0, failed: 0 };
const check = countedIn(tally);
const helpdesk = await startHelpdesk(TOKEN, new Date());
const env = { ...process.env, MLOPS_SECRET_HELPDESK_TOKEN: TOKEN };
const run = $({ quiet: true, timeout: '900s' });
const inCity = $({ quiet: true, timeout: '900s', cwd: city, env });

try {
  const tarball = join(folder, `mlops-compiler-${version()}.tgz`);
  await check('The package', async () => {
    await buildPackage(root, join(folder, 'dist'));
    await run`npm pack ${join(folder, 'dist')} --pack-destination ${folder}`;
  });
  await check('A repository without a checkout', async () => {
    handIn(tarball);
    await inCity`npm install --prefer-offline --no-audit --no-fund`;
  });
  await check('npm run compile finds nothing', async () => {
    const { stdout, stderr } = await inCity`npm run --silent compile`;
    if (/warning|error/.test(stdout + stderr)) throw new Error(stdout + stderr);
  });
  await check("npm test: the teams' tests, and nothing stale", () => inCity`npm test --silent`);
  await check('npm run up', () => inCity`npm run --silent up`);
  await check('mlops run bikes --follow', () => inCity`npm run --silent mlops -- run bikes --follow`);
  await check('mlops run tickets --follow', () => inCity`npm run --silent mlops -- run tickets --follow`);
  await check('The helpdesk was asked with its token', async () => {
    if (helpdesk.counts.answered === 0 || helpdesk.counts.refused > 0) throw new Error(JSON.stringify(helpdesk.counts));
  });
  for (const model of MODELS)
    await check(`${trainingPipeline(model)}, better than what is naive`, () => trained(model));
  for (const model of ['demand_2h', 'demand_24h'])
    await check(scoringPipeline(model), () => inCity`npm run --silent mlops -- run ${scoringPipeline(model)} --follow`);
  await check('Scores of each station for all hours to come', scores);
  await check('Predictions of known and unknown stations', demand);
  await check('Predictions of known and unknown customers', urgency);
  await check('The notebook of demand_2h', async () => {
    const { cells } = await executeNotebook(openWorkspace(city, 'local'), 'demand_2h');
    if (cells < 3) throw new Error(`${cells} cells`);
  });
  await check('mlops notebook opens it in Jupyter, until Ctrl-C', notebook);
  await check('npm run status', () => inCity`npm run --silent status`);
} catch {
  // It was told, and what would have followed would only fail too.
} finally {
  if (existsSync(join(city, 'node_modules')))
    await check('npm run down', () => inCity`npm run --silent down`).catch(() => {});
  helpdesk.stop();
  if (!process.argv.includes('--keep')) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 ? 1 : 0;

function version(): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

/** With the compiler as it is here, the ports of this play, and where the helpdesk is. */
function handIn(tarball: string): void {
  const source = join(root, 'test/repositories/city');
  cpSync(source, city, { recursive: true, filter: (path) => !/generated$|\.mlops$|__pycache__/.test(path) });
  replace('package.json', /("mlops-compiler": ")[^"]*/, `$1file:${tarball}`);
  replace('platform.yaml', 'stores: embedded}', `stores: embedded, port_offset: ${PORT_OFFSET}}`);
  replace('platform.yaml', /http:\/\/127\.0\.0\.1:\d+/, helpdesk.url);
}

function replace(path: string, what: string | RegExp, by: string): void {
  const text = readFileSync(join(city, path), 'utf8');
  const changed = text.replace(what, by);
  if (changed === text) throw new Error(`${path} has no ${what}`);
  writeFileSync(join(city, path), changed);
}

/** The champion's errors are compared with those of the naive prediction on the same newest two weeks. */
async function trained(model: Model): Promise<void> {
  await inCity`npm run --silent mlops -- run ${trainingPipeline(model)} --follow`;
  const mlflow = new Mlflow(openWorkspace(city, 'local'));
  const champion = await mlflow.aliased(model, 'champion');
  if (!champion) throw new Error('no champion');
  const { metrics } = await mlflow.run(champion.run);
  const [metric, share] = SAVES[model];
  const [candidate = Number.NaN, baseline = Number.NaN] = [metrics[`holdout_${metric}`], metrics[`baseline_${metric}`]];
  console.log(`  figure: ${model} ${metric} ${candidate.toFixed(2)}, naive ${baseline.toFixed(2)}`);
  if (!(candidate < baseline * (1 - share))) throw new Error(JSON.stringify(metrics));
}

/** What the address that it says leads to, and nothing without its token. */
async function notebook(): Promise<void> {
  const opened = inCity`node_modules/.bin/mlops notebook demand_2h --no-browser --port ${NOTEBOOK_PORT}`.nothrow();
  try {
    let printed = '';
    for await (const text of opened.stdout) {
      printed += text;
      if (printed.includes('Ctrl-C ends it')) break;
    }
    const [, at, token] = /(http:\S+)\/lab\/tree\/notebooks\/demand_2h\.ipynb\?token=(\w+)/.exec(printed) ?? [];
    const file = `${at}/api/contents/notebooks/demand_2h.ipynb`;
    const [known, stranger] = await Promise.all([fetch(`${file}?token=${token}`), fetch(file)]);
    const { cells } = ((await known.json()) as { content: { cells: object[] } }).content;
    if (cells.length < 3 || stranger.ok) throw new Error(`${cells.length} cells, ${stranger.status} without the token`);
  } finally {
    await opened.kill('SIGINT');
  }
  await opened;
  const answers = await fetch(`http://127.0.0.1:${NOTEBOOK_PORT}`).then(
    () => true,
    () => false,
  );
  if (answers) throw new Error('it goes on after Ctrl-C');
}

interface Answer {
  status: number;
  text: string;
  predictions: (number | null)[];
}

/** The API takes a new champion up within seconds. */
async function predict(model: Model, instances: object[]): Promise<Answer> {
  const address = addressOf(openWorkspace(city, 'local'), `serving-${model}`);
  for (let look = 0; ; look += 1) {
    const answer = await fetch(`${address}/v1/models/${model}:predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ instances }),
    });
    const text = await answer.text();
    if (answer.status === 503 && look < 120) await sleep(500);
    else return { status: answer.status, text, predictions: JSON.parse(text).predictions ?? [] };
  }
}

async function demand(): Promise<void> {
  for (const model of ['demand_2h', 'demand_24h'] as const) {
    const asked = [RUSH_HOUR, { ...RUSH_HOUR, hour: 3 }];
    const { text, predictions } = await predict(model, asked);
    const [rush = 0, night = 0] = predictions;
    if (!(Number(rush) > Number(night) && Number(night) >= 0)) throw new Error(`${model}: ${text}`);
    const unknown = await predict(model, [{ ...RUSH_HOUR, station: 'nowhere' }]);
    console.log(`  figure: ${model} ${Number(rush).toFixed(1)} at five, ${Number(night).toFixed(1)} at three`);
    console.log(`  an unknown station: ${unknown.status} ${unknown.text.slice(0, 200)}`);
    if (typeof unknown.predictions[0] === 'number') throw new Error(`a number for a station that nobody knows`);
  }
}

async function urgency(): Promise<void> {
  const customers = ['c0', 'c3', 'nobody'];
  const { text, predictions } = await predict(
    'urgent',
    customers.map((customer) => ({ customer, ...TICKET })),
  );
  if (predictions.length !== 3 || !predictions.every((each) => typeof each === 'number' && each > 0 && each < 1))
    throw new Error(text);
  const quiet = await predict('urgent', [{ customer: 'c0', ...TICKET, outage: false, exclamations: 0 }]);
  if (!(Number(quiet.predictions[0]) < Number(predictions[0]))) throw new Error(`${text} ${quiet.text}`);
}

/** As a team would read them: a published table, through the runtime. */
async function scores(): Promise<void> {
  const script = [
    'from mlops_runtime.environment import Workspace',
    'from mlops_runtime.tables import warehouse',
    'for hours in (2, 24):',
    '    rows = warehouse.read(Workspace.open(), f"demand_{hours}h_predictions")',
    '    newest = rows[rows["hour_end"] > rows["hour_end"].max() - __import__("pandas").Timedelta(hours=hours)]',
    '    print(hours, len(newest), newest["station"].nunique(), newest.filter(like="pred").min().min() >= 0)',
  ].join('\n');
  const { stdout } = await inCity`.venv/bin/python -c ${script}`;
  console.log(`  figure: ${stdout.trim().replaceAll('\n', '; ')}`);
  if (stdout !== '2 100 50 True\n24 1200 50 True\n') throw new Error(stdout);
}

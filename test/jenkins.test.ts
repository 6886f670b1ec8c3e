/** `mlops deploy --via jenkins`, against a stand-in of Jenkins' documented API. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../compiler/cli.ts';
import { Jenkins } from '../compiler/clients/jenkins/jenkins.ts';
import { type Asked, JenkinsStandIn, type Reply, TOKEN, USER } from './jenkins/stand-in.ts';
import { sentenceOf as sentenceWithout } from './sentence.ts';

const JOB = 'flights/main';
/** Of a second, so that nobody waits. */
const SECOND = 5;

let server: JenkinsStandIn;
let said: string[];
let lines: string[];
const connect = (token = TOKEN) =>
  new Jenkins({ url: server.url, user: USER, token, second: SECOND, say: (text) => void said.push(text) });

async function deployed(jenkins = connect(), job = JOB) {
  const queued = await jenkins.trigger(job, { UNTIL: 'staging' });
  const build = await jenkins.started(job, queued);
  return { build, ended: await jenkins.follow(job, build, (line) => void lines.push(line)) };
}

const sentenceOf = (work: Promise<unknown>): Promise<string> => sentenceWithout(work, TOKEN);

const tried = (name: string, work: () => Promise<void>): void =>
  test(name, async () => {
    server = new JenkinsStandIn();
    said = [];
    lines = [];
    await server.start();
    try {
      await work();
      assert.equal(server.problems, []);
    } finally {
      server.stop();
    }
  });

/** The first `count` requests of this path are answered by `reply`. */
function failing(path: RegExp, reply: Reply, count = Number.POSITIVE_INFINITY): void {
  let left = count;
  server.fault = (asked: Asked) => {
    if (!path.test(asked.path) || left === 0) return null;
    left -= 1;
    return reply;
  };
}

const triggers = () => server.asked.filter(({ path }) => path.endsWith('/buildWithParameters')).length;

tried('from the queue to the end, each line of the log once', async () => {
  server.next = {
    waits: ['In the quiet period', 'Waiting for next available executor', 'Waiting for next available executor'],
    log: ['Started by user\nche', 'cking out\n[Pipeline] sta', 'ge\n', '', 'é\nFinished: SUCCESS'],
  };
  const { build, ended } = await deployed();
  assert.equal(lines, ['Started by user', 'checking out', '[Pipeline] stage', 'é', 'Finished: SUCCESS']);
  assert.equal(said, ['Jenkins: In the quiet period', 'Jenkins: Waiting for next available executor']);
  assert.is(build.url, `${server.url}/job/flights/job/main/1/`);
  assert.is(ended.result, 'SUCCESS');
  assert.match(ended.commit ?? '', /^3d3c42e5/);
  assert.equal(server.builds[0]?.parameters, { UNTIL: 'staging' });
});

tried('with crumbs of their session, without crumbs, and below a path', async () => {
  await deployed();
  assert.ok(server.asked.some(({ headers }) => headers['jenkins-crumb'] !== undefined));
  server.hasCrumbs = false;
  await deployed();
  server.hasCrumbs = true;
  server.prefix = '/ci';
  await deployed();
  assert.is(server.builds.length, 3);
});

tried('what Jenkins ends otherwise is told as it ended', async () => {
  for (const result of ['FAILURE', 'ABORTED', 'UNSTABLE', 'NOT_BUILT']) {
    server.next = { result };
    assert.is((await deployed()).ended.result, result);
  }
});

tried('a Location that leads nowhere is said, and nothing is built twice', async () => {
  const bad = [null, 'https://elsewhere.example/', `${server.url}/queue/item/x/`, `${server.url}/queue/item/7`, '/'];
  for (const location of bad) {
    server.location = () => location;
    assert.match(await sentenceOf(deployed()), /names no place in the queue.*\/job\/flights\/job\/main\//);
  }
  assert.is(triggers(), bad.length);
});

tried('an item that the queue has forgotten is found by its build', async () => {
  server.forgets = true;
  assert.is((await deployed()).ended.number, 1);
  server.fault = ({ path }) => (path.endsWith('/main/api/json') ? { status: 200, body: { builds: [] } } : null);
  assert.match(await sentenceOf(deployed()), /knows no item 102/);
});

tried('taken out of the queue, nothing was run', async () => {
  server.next = { isCancelled: true, waits: ['Waiting'] };
  assert.match(await sentenceOf(deployed()), /out of Jenkins' queue; nothing was run/);
});

tried('a restart in the middle is waited for: in the queue, in the log, at the result', async () => {
  for (const at of [/\/queue\/item\//, /progressiveText/, /\/\d+\/api\/json/]) {
    lines = [];
    let restarts = 0;
    server.next = { waits: ['Waiting'], log: ['one\n', 'two\n', 'three\n'] };
    server.fault = ({ path }) => {
      if (!at.test(path) || restarts > 0) return null;
      restarts += 1;
      server.restart();
      // While it is being started there is first nobody, then a page that says so.
      setTimeout(() => void server.start(), 4 * SECOND);
      let pages = 2;
      server.fault = () =>
        pages-- > 0 ? { status: 503, body: '<html>Please wait while Jenkins is getting ready' } : null;
      return { status: 503, cut: 'before' };
    };
    assert.is((await deployed()).ended.result, 'SUCCESS');
    assert.equal(lines, ['one', 'two', 'three']);
    assert.is(restarts, 1);
    assert.ok(said.includes('Jenkins does not answer; waiting until it is back.'));
  }
  assert.is(triggers(), 3);
});

tried('a cut connection and an overloaded proxy are asked again, the trigger is not', async () => {
  for (const reply of [{ status: 502 }, { status: 429 }, { status: 200, cut: 'before' }] satisfies Reply[]) {
    failing(/\/logText\//, reply, 2);
    assert.is((await deployed()).ended.result, 'SUCCESS');
  }
  for (const reply of [{ status: 500 }, { status: 200, cut: 'before' }] satisfies Reply[]) {
    const before = triggers();
    failing(/buildWithParameters/, reply);
    assert.match(await sentenceOf(deployed()), /could not start flights\/main/);
    assert.is(triggers(), before + 1);
  }
});

tried('who may not is told what is missing', async () => {
  assert.match(await sentenceOf(deployed(connect('11wrong'))), /JENKINS_USER .* JENKINS_TOKEN/);
  failing(/buildWithParameters/, { status: 403, body: 'deployer is missing the Job/Build permission' });
  assert.match(await sentenceOf(deployed()), /does not let this user start .*Job\/Build/);
  failing(/queue/, { status: 403, body: 'no' });
  assert.match(await sentenceOf(deployed()), /does not let this user ask for item/);
  server.fault = () => null;
  assert.match(
    await sentenceOf(deployed(connect(), 'flights/elsewhere')),
    /finds nothing where it was to start.*--job/,
  );
  server.isParameterized = false;
  assert.match(await sentenceOf(deployed()), /takes no such environment/);
});

tried('what is not Jenkins is not taken for it', async () => {
  for (const reply of [
    { status: 200, body: 'welcome to the internet' },
    { status: 200, body: '{"broken', headers: { 'content-type': 'application/json' } },
    { status: 200, body: [] },
    { status: 302, headers: { location: 'https://login.example/' } },
  ] satisfies Reply[]) {
    failing(/queue/, reply);
    assert.match(await sentenceOf(deployed()), /is not Jenkins|sends the request elsewhere/);
  }
});

async function called(words: string[], variables: Record<string, string | undefined>) {
  const root = mkdtempSync(join(tmpdir(), 'mlops-jenkins-'));
  cpSync(join(import.meta.dirname, '../compiler/test/platforms/flights'), root, { recursive: true });
  const names = ['JENKINS_URL', 'JENKINS_USER', 'JENKINS_TOKEN'];
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) set(name, variables[name]);
  const printed = { out: '', err: '' };
  try {
    const exit = await main(['-C', root, 'deploy', ...words], {
      out: (text) => {
        printed.out += text;
      },
      err: (text) => {
        printed.err += text;
      },
    });
    return { exit, ...printed };
  } finally {
    for (const [name, value] of before) set(name, value);
    rmSync(root, { recursive: true, force: true });
  }
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

const variables = () => ({ JENKINS_URL: server.url, JENKINS_USER: USER, JENKINS_TOKEN: TOKEN });

tried('the command starts main, prints the log without its control characters, and ends as the build', async () => {
  server.next = { log: ['deploying \u001b[31mred\u001b]0;title\u0007\n'] };
  const { exit, out, err } = await called(['--via', 'jenkins', '--env', 'staging'], variables());
  assert.is(exit, 0, err);
  assert.match(
    out,
    /^flights\/main #1: http:.*\n {2}deploying .*red.*\nflights\/main #1 of 3d3c42e5aac5: 'staging' is deployed\.\n$/,
  );
  assert.not.ok(out.includes('\u001b'));
  server.next = { result: 'FAILURE' };
  const failed = await called(['--via', 'jenkins', '--env', 'staging', '--job', JOB], variables());
  assert.is(failed.exit, 1);
  assert.match(failed.err, /#2 of \w+ ended with FAILURE/);
});

tried('wrong usage is a sentence, and no request', async () => {
  const env = ['--via', 'jenkins', '--env', 'staging'];
  for (const [words, changed, sentence] of [
    [env, { JENKINS_TOKEN: undefined, JENKINS_USER: '' }, /JENKINS_USER, JENKINS_TOKEN are not set/],
    [env, { JENKINS_URL: 'http://jenkins.example.com' }, /JENKINS_URL is no https address/],
    [env, { JENKINS_URL: `https://u:${TOKEN}@jenkins.example.com` }, /JENKINS_URL is no https address/],
    [['--via', 'jenkins', '--env', 'stagin'], {}, /there is no environment 'stagin'; did you mean 'staging'\?/],
    [[...env, '--job', 'a//b'], {}, /--job is the name of a job/],
    [[...env, '--job', '../x'], {}, /--job is the name of a job/],
    [['--job', 'x'], {}, /--job goes with --via jenkins/],
    [['--via', 'cron'], {}, /--via is one of jenkins/],
  ] as [string[], Record<string, string | undefined>, RegExp][]) {
    const { exit, err } = await called(words, { ...variables(), ...changed });
    assert.is(exit, 2, err);
    assert.match(err, sentence);
    assert.not.ok(err.includes(TOKEN));
  }
  assert.is(server.asked.length, 0);
});

test.run();

/** What the image of Jenkins is configured by, held against the Jenkinsfiles that it is there for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..');
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const jenkinsfiles = [textOf('Jenkinsfile'), textOf('compiler/init/repository/Jenkinsfile')].join('\n');
const text = textOf('runtime/images/jenkins/jenkins.yaml');

interface Configuration {
  jenkins: {
    numExecutors: number;
    nodes: { permanent: { labelString: string; numExecutors: number; mode: string } }[];
    clouds: { docker: { templates: { labelString: string; mode: string; retentionStrategy: object }[] } }[];
  };
  credentials: { system: { domainCredentials: { credentials: Record<string, Record<string, string>>[] }[] } };
}
const { jenkins, credentials } = parse(text) as Configuration;
const stated = credentials.system.domainCredentials.flatMap((each) => each.credentials.flatMap(Object.values));
const found = (pattern: RegExp): string[] => [
  ...new Set([...jenkinsfiles.matchAll(pattern)].map(([, name = '']) => name)),
];

/** What plugin a step, a section or an option of a Jenkinsfile comes with; without one, from Jenkins itself. */
const FROM: Record<string, string> = {
  pipeline: 'pipeline-model-definition',
  sh: 'workflow-durable-task-step',
  timeout: 'workflow-basic-steps',
  deleteDir: 'workflow-basic-steps',
  echo: 'workflow-basic-steps',
  catchError: 'workflow-basic-steps',
  stash: 'workflow-basic-steps',
  unstash: 'workflow-basic-steps',
  archiveArtifacts: 'workflow-basic-steps',
  disableConcurrentBuilds: 'workflow-job',
  input: 'pipeline-input-step',
  withCredentials: 'credentials-binding',
  publishHTML: 'htmlpublisher',
};

test('every plugin has a version, and every step of the Jenkinsfiles its plugin', () => {
  const plugins = textOf('runtime/images/jenkins/plugins.txt').trim().split('\n');
  assert.equal(
    plugins.filter((each) => !/^[a-z-]+:\d[\w.-]*$/.test(each)),
    [],
  );
  const names = plugins.map((each) => each.split(':')[0] ?? '');
  assert.equal(names, [...names].sort(), 'in order, so that a change of one is one line');
  const steps = found(/\b(\w+)(?=\(| \{|\s+['"])/g).filter((each) => Object.hasOwn(FROM, each));
  assert.equal(steps.sort(), Object.keys(FROM).sort());
  assert.equal(
    steps.filter((each) => !names.includes(FROM[each] as string)),
    [],
  );
});

test('nothing is built on the server, and what a pull request brings never on the agent that deploys', () => {
  assert.is(jenkins.numExecutors, 0);
  const permanent = jenkins.nodes.map((each) => each.permanent);
  const once = jenkins.clouds.flatMap((each) => each.docker.templates);
  assert.equal(
    permanent.map(({ labelString, numExecutors }) => [labelString, numExecutors]),
    [['mlops-deploy', 1]],
  );
  assert.equal(
    once.map(({ labelString }) => labelString),
    ['mlops-check', 'mlops-review'],
  );
  for (const { mode } of [...permanent, ...once]) assert.is(mode, 'EXCLUSIVE');
  assert.equal(found(/label '([^']+)'/g).sort(), [...permanent, ...once].map(({ labelString }) => labelString).sort());
  assert.match(text, /gitHubForkDiscovery \{[^}]*trust \{ gitHubTrustNobody\(\) \}/s);
});

test('credentials are read from files, and the Jenkinsfiles name those that are there', () => {
  const secrets = ['secret', 'password', 'clientKeySecret', 'clientCertificate', 'serverCaCertificate'];
  for (const each of stated)
    for (const key of secrets)
      if (each[key] !== undefined) assert.match(each[key], /^\$\{readFile:\/run\/secrets\/jenkins_\w+\}$/);
  const ids = stated.map(({ id }) => id);
  assert.equal(found(/credentialsId: '([^']+)'/g), ['mlops-github']);
  const used = [...text.matchAll(/credentialsId(?:: |\(')([\w-]+)/g)].map(([, id = '']) => id);
  assert.equal(
    [...used, 'mlops-github'].filter((id) => !ids.includes(id)),
    [],
  );
});

test('the page about it names each variable and each file that the configuration takes', () => {
  const page = textOf('docs/jenkins.md');
  const names = [...text.matchAll(/\$\{(JENKINS_\w+)|\/run\/secrets\/(jenkins_\w+)/g)].map(
    ([, name, file]) => name ?? file,
  );
  assert.equal(
    [...new Set(names)].filter((each) => !page.includes(`\`${each}\``)),
    [],
  );
});

test.run();

/** What goes wrong between us and Jenkins, in sentences; neither user nor token stands in one. */
import { printable } from '../../diagnostics/printable.ts';

interface Problem {
  code?: string;
  message?: string;
  notFound?: boolean;
  isTimeout?: boolean;
  isCodec?: boolean;
  res?: { statusCode?: number };
  response?: { statusCode?: number };
}

/** 0 where there was no answer. */
export function statusOf(problem: unknown): number {
  const { res, response, notFound } = (problem ?? {}) as Problem;
  return res?.statusCode ?? response?.statusCode ?? (notFound ? 404 : 0);
}

/** It may be another one in a moment: Jenkins or the proxy before it is being started. */
export function isTransient(problem: unknown): boolean {
  const { code, isTimeout } = (problem ?? {}) as Problem;
  const status = statusOf(problem);
  return status >= 500 || status === 429 || (status === 0 && (code !== undefined || isTimeout === true));
}

export function sentenceOf(problem: unknown, what: string, url: string): string {
  const status = statusOf(problem);
  const { code, message = '', isCodec } = (problem ?? {}) as Problem;
  const said = printable(message.replace(/^(jenkins|[\w.]+): /g, '')).slice(0, 200);
  const could = `so it could not ${what}`;
  if (status === 401)
    return (
      `Jenkins at ${url} does not take the log-in, ${could}: JENKINS_USER is who the API token in JENKINS_TOKEN ` +
      "belongs to (in Jenkins: the user's page, Security)."
    );
  if (status === 403)
    return (
      `Jenkins does not let this user ${what}; it takes the rights Overall/Read, Job/Read and Job/Build. ` +
      `Jenkins says: ${said}`
    );
  if (status === 404)
    return (
      `Jenkins finds nothing where it was to ${what}: it is not there, or this user may not see it. ` +
      'A branch of a multibranch job is FOLDER/BRANCH (--job).'
    );
  if (status === 400)
    return (
      `Jenkins refuses to ${what}: the job takes no such environment. It learns from its Jenkinsfile, at its first ` +
      `build, which ones there are. Jenkins says: ${said}`
    );
  if (status >= 500 || status === 429)
    return `Jenkins answers with an error (${status}), also when asked again, ${could}.`;
  if (status >= 300)
    return (
      `Jenkins at ${url} sends the request elsewhere (${status}), ${could}; JENKINS_URL is its own address, ` +
      'as its settings have it.'
    );
  if (isCodec) return `What answers at ${url} is not Jenkins: it could not ${what}.`;
  return `Jenkins does not answer at ${url} (${code ?? said}), ${could}.`;
}

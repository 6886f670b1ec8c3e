/** One file to attach to a report: what was collected, without secrets, and a page that says what is in it. */
import { createTarGzip } from 'nanotar';
import { OperationError } from '../diagnostics/operation-error.ts';
import type { Workspace } from '../operate/workspace.ts';
import { bounded, type Collected, collect } from './collect.ts';
import { covered } from './cover.ts';
import { knownSecrets } from './known-secrets.ts';

export interface Archive {
  bytes: Uint8Array;
  files: string[];
  problems: string[];
}

export async function archive(workspace: Workspace, others: Parameters<typeof collect>[1]): Promise<Archive> {
  const { secrets, unread } = knownSecrets(workspace);
  if (unread.length > 0)
    throw new OperationError(
      'Nothing was written: a log may hold a secret whose value cannot be read, and so not covered: ' +
        `${unread.join(', ')}. ` +
        'Run it as the user who runs the platform, or make these readable.',
    );
  const found = await collect(workspace, others);
  const problems = [...covered(new Map(found.problems.map((each, at) => [String(at), each])), secrets).values()];
  const whole = bounded({ texts: covered(found.texts, secrets), problems });
  const texts = new Map([['README.txt', about(workspace, whole)], ...whole.texts]);
  const folder = `mlops-support-${workspace.environment}`;
  const bytes = await createTarGzip(
    [...texts].map(([name, text]) => ({
      name: `${folder}/${name}`,
      data: text,
      attrs: { mode: '644', uid: 0, gid: 0 },
    })),
  );
  return { bytes, files: [...texts.keys()], problems: whole.problems };
}

function about({ environment }: Workspace, { texts, problems }: Collected): string {
  const whole = problems.length === 0 ? ['Nothing was left out.'] : problems.map((each) => `- ${each}`);
  return [
    `What \`mlops support\` found of the environment '${environment}'.`,
    '',
    'Secrets are covered: values that this environment knows, however they are written, and texts that look like one.',
    'Specs are named with their digests; no row of data is in here. Log lines are as the processes wrote them.',
    '',
    'What is not whole:',
    ...whole,
    '',
    'Files:',
    ...[...texts.keys()].map((name) => `- ${name}`),
    '',
  ].join('\n');
}

/** A check run at a commit, with annotations in as many requests as they need. */
import { doing, type GitHub } from './github.ts';

export interface Check {
  name: string;
  commit: string;
  conclusion: 'success' | 'neutral' | 'failure';
  title: string;
  /** Markdown. */
  summary: string;
  annotations: readonly {
    path: string;
    start_line: number;
    end_line: number;
    annotation_level: 'notice' | 'warning' | 'failure';
    title: string;
    message: string;
  }[];
}

/** Of GitHub, in one request. */
const AT_ONCE = 50;
/** Nobody reads more of them beside the lines; the comment has what must be seen. */
const MOST = 500;
const LONGEST_SUMMARY = 65_535;
const NEEDS = '`checks: write`, which only a GitHub App or a workflow can have';

export async function putCheck({ octokit, at }: GitHub, check: Check): Promise<void> {
  const { name, commit, conclusion, title, annotations } = check;
  const shown = annotations.slice(0, MOST);
  const left =
    annotations.length > MOST
      ? `\n\n${annotations.length - MOST} more annotations are not shown beside their lines.`
      : '';
  const summary = `${check.summary.slice(0, LONGEST_SUMMARY - left.length)}${left}`;
  const output = (from: number) => ({ title, summary, annotations: shown.slice(from, from + AT_ONCE) });
  const what = `write the check of ${commit.slice(0, 12)}`;
  const made = await doing(what, NEEDS, () =>
    octokit.rest.checks.create({
      ...{ ...at, name, head_sha: commit, output: output(0) },
      ...(shown.length > AT_ONCE ? { status: 'in_progress' } : { status: 'completed', conclusion }),
    } as never),
  );
  const { id } = (made as { data: { id: number } }).data;
  for (let from = AT_ONCE; from < shown.length; from += AT_ONCE) {
    const end = from + AT_ONCE >= shown.length ? { status: 'completed' as const, conclusion } : {};
    await doing(what, NEEDS, () =>
      octokit.rest.checks.update({ ...at, check_run_id: id, ...end, output: output(from) }),
    );
  }
}

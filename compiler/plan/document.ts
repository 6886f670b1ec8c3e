/** A plan with what it compares and what it does to files: for machines (`plan.schema.json`), and as a text. */
import type { LeftData } from '../tools/data.ts';
import type { FileChange } from './files.ts';
import { planText } from './text.ts';
import type { Plan } from './types.ts';

export interface PlanDocument {
  format: 1;
  compared: Compared;
  plan: Plan;
  files: FileChange[];
}

export interface Compared {
  /** Null where there is no commit yet. */
  base: string | null;
  /** Null for the files as they are. */
  head: string | null;
  /** Sentences for people. */
  notes: string[];
  /** With `--deployed`. */
  deployed?: DeployedBefore;
}

/** What `mlops deploy --plan` holds the environment, and the checkout, against. */
export interface DeployedBefore {
  environment: string;
  /** The release that runs; null where none does. */
  from: string | null;
  /** The release that the files as they are would become; null of a commit that is no checkout. */
  to: string | null;
  /** Of those files; null outside Git. */
  commit: { id: string; dirty: boolean } | null;
  /** Data that those files ask for no more, as the stores hold it; left out where they cannot be asked. */
  data?: LeftData[];
}

export const planDocument = (compared: Compared, plan: Plan, files: FileChange[]): PlanDocument => ({
  format: 1,
  compared,
  plan,
  files,
});

export const planReport = ({ compared, plan, files }: PlanDocument): string =>
  `${[...compared.notes, '', planText(plan)].join('\n')}${filesText(files)}`;

export const FILES_BECAUSE: Record<FileChange['because'], string> = {
  changes: 'made of what changes',
  moved: 'that name places in the specs, which are others now',
  rendering: 'written otherwise by this compiler, of what does not change',
  unexplained: 'for no reason that is known; this is a bug of the compiler, please report it',
};
/** Of one reason; the rest is counted. */
const SHOWN = 10;

function filesText(files: readonly FileChange[]): string {
  if (files.length === 0) return '';
  const reasons = (Object.keys(FILES_BECAUSE) as FileChange['because'][]).filter((each) =>
    files.some(({ because }) => because === each),
  );
  const sections = reasons.flatMap((reason) => {
    const all = files.filter(({ because }) => because === reason);
    const more = all.length > SHOWN ? [`    and ${all.length - SHOWN} more`] : [];
    return [
      `  ${all.length} ${FILES_BECAUSE[reason]}:`,
      ...all.slice(0, SHOWN).map(({ kind, path }) => `    ${kind.padEnd(8)} ${path}`),
      ...more,
    ];
  });
  return `\nFiles of generated/\n${sections.join('\n')}\n`;
}

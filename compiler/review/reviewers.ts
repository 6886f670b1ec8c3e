/** Whom a pull request is shown to: the owners of what changes, by the names that the base knows them by. */
import type { Plan } from '../plan/types.ts';
import { shownOf } from './shown.ts';

export interface Owner {
  name: string;
  github: string | null;
}

/** As `github:` of an owner says, `@` included; those of the gravest changes first, each once. */
export function reviewersOf(plan: Plan, owners: readonly Owner[]): string[] {
  const felt = shownOf(plan).filter((change) => change.class !== 'metadata');
  const names = [...felt.flatMap(({ owner }) => owner ?? []), ...plan.verdict.owners];
  const handles = names.flatMap((name) => owners.find((each) => each.name === name)?.github ?? []);
  const first = new Map(handles.toReversed().map((each) => [each.toLowerCase(), each]));
  return [...new Set(handles.map((each) => first.get(each.toLowerCase()) ?? each))];
}

import type { Model, ModelInput } from '../../ir/types.ts';

/** `+ a, - b, c is int64`; what only moved, where nothing else differs. */
export function inputChanges(before: readonly ModelInput[], after: readonly ModelInput[]): string {
  const was = new Map(before.map((each) => [each.name, each]));
  const is = new Map(after.map((each) => [each.name, each]));
  const changes = [
    ...before.filter(({ name }) => !is.has(name)).map(({ name }) => `- ${name}`),
    ...after.filter(({ name }) => !was.has(name)).map(({ name }) => `+ ${name}`),
    ...after.flatMap(({ name, type, required }) => {
      const old = was.get(name);
      if (!old || (old.type === type && old.required === required)) return [];
      const must = old.required === required ? '' : required ? ' and must be there' : ' and may be missing';
      return [`${name} is ${type}${must}`];
    }),
  ];
  return changes.length > 0 ? changes.join(', ') : 'they come in another order';
}

/** `plane (string)` */
export const keyOf = ({ joinKey, type }: Model['entities'][number]): string => `${joinKey} (${type})`;

import { address } from '../ir/address.ts';
import type { Model } from '../ir/types.ts';
import { isNumeral, type Json, jsonInline } from '../render/json.ts';

/**
 * A contract of a model, by what each part follows from: what its views and entities give it, by their addresses, and
 * the rest, by `path`. So whoever must know whether it changed has a digest of each, and git merges changes of two
 * views. The order of features is the model's own statement, and is not in it.
 */
export function modelParts(path: string, contract: Json, model: Model): ReadonlyMap<string, string> {
  const owners = ownersOf(model);
  const taken = new Map<string, Json[]>();
  const isTaken = (list: string, name: unknown, value: Json): boolean => {
    const owner = typeof name === 'string' ? owners.get(name) : undefined;
    if (owner !== undefined) taken.set(owner, [...(taken.get(owner) ?? []), { [list]: value }]);
    return owner !== undefined;
  };
  const rest = (value: Json, list: string): Json => {
    if (Array.isArray(value))
      return value.filter((each) => !isTaken(list, nameOf(each), each)).map((each) => rest(each, list));
    if (typeof value !== 'object' || value === null || isNumeral(value)) return value;
    const entries = Object.entries(value).filter(([key, inner]) => !isTaken(list, key, { [key]: inner }));
    return Object.fromEntries(entries.map(([key, inner]) => [key, rest(inner, key)]));
  };
  const own = jsonInline(rest(contract, ''));
  return new Map([[path, own], ...[...taken].map(([owner, given]) => [owner, jsonInline(given)] as const)]);
}

/** Names that a contract has of what it takes from others, each with the address of what declares it. */
const ownersOf = ({ features, entities }: Model): Map<string, string> =>
  new Map([
    ...entities.flatMap(({ entity, joinKey }) =>
      [entity, joinKey].map((name) => [name, address.entity(entity)] as const),
    ),
    ...features.map(({ input, view }) => [input, address.featureView(view)] as const),
  ]);

/** Of an element of a list. */
function nameOf(element: Json): unknown {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return element;
  return element['input'] ?? element['join_key'] ?? element['name'];
}

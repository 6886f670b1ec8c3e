/** Versions that serve, beside what their models are given now. */

/** A version that serves, and the inputs that it must be given. */
export interface Champion {
  version: string;
  inputs: string[];
}

export type Champions = Readonly<Record<string, Champion>>;

export interface Outdated {
  model: string;
  version: string;
  lacking: string[];
}

interface Given {
  name: string;
  inputs: readonly { name: string }[];
}

/** The champions that need more than their models have. One of a model that is gone serves nobody. */
export const outdated = (models: readonly Given[], champions: Champions): Outdated[] =>
  models.flatMap(({ name, inputs }) => {
    const champion = Object.hasOwn(champions, name) ? champions[name] : undefined;
    const given = new Set(inputs.map((input) => input.name));
    const lacking = champion?.inputs.filter((input) => !given.has(input)) ?? [];
    return champion && lacking.length > 0 ? [{ model: name, version: champion.version, lacking }] : [];
  });

export const needs = ({ model, version, lacking }: Outdated, environment: string): string =>
  `Version ${version} of ${model}, the champion of ${environment}, needs ${lacking.join(', ')}, ` +
  'which the model no longer has.';

/** What to do about it: training reads what is compiled at once, the running API only what is deployed. */
export const way = (model: string): string =>
  `compile, run the training of ${model} (its API keeps the version in use meanwhile), and deploy when the new ` +
  'version is champion; a feature that is renamed stays in its view under both names until then';

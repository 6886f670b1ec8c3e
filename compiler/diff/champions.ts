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

/** What to do about it: training runs on what is deployed, as all does but an API that is kept. */
export const way = (models: string, environment: string): string =>
  `\`mlops deploy --env ${environment} --keep-api ${models}\` deploys everything else, and leaves the API as it is, ` +
  'with the version and the features that it has. Then run the training; once its new version is champion, ' +
  '`mlops deploy` brings the API along.';

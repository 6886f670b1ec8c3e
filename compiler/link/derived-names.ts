/** Names that follow from other names, built here alone. */

/** Of a model's own pipelines. */
export const trainingPipeline = (model: string): string => `train_${model}`;
export const scoringPipeline = (model: string): string => `score_${model}`;

/** Columns of a table of predictions, beside keys and timestamp. */
export const PREDICTION = 'prediction';
export const MODEL_VERSION = 'model_version';

/** The step that brings online what its pipeline writes; `taken` are the names of the others. */
export function materializeStep(taken: ReadonlySet<string>): string {
  const names = ['materialize', 'materialize_features'];
  for (let number = 2; ; number += 1) {
    const free = names.find((name) => !taken.has(name));
    if (free !== undefined) return free;
    names.push(`materialize_features_${number}`);
  }
}

export const deadLetterTopic = (topic: string): string => `${topic}.dead_letter`;
export const consumerGroup = (view: string): string => `feature_view.${view}`;

/** Feast's full name of a feature: its column in frames and signatures. */
export const inputOf = (view: string, feature: string): string => `${view}__${feature}`;

/** The other way round; null for a word that is no such column. */
export function partsOfInput(word: string): { view: string; feature: string } | null {
  const joint = word.indexOf('__');
  return joint > 0 ? { view: word.slice(0, joint), feature: word.slice(joint + 2) } : null;
}

/** Address of a team's dashboard in Grafana, which takes at most 40 characters. */
export const dashboardUid = (name: string, stated: string | undefined): string => stated ?? `team-${name.slice(0, 35)}`;

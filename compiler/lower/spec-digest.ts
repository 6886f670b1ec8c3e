/** By what a training run says which spec it was made by. */
import { createHash } from 'node:crypto';
import { contentOf } from '../ir/objects.ts';
import type { FeatureView, Model } from '../ir/types.ts';
import type { Declared } from '../link/declared.ts';
import { sortedRecord } from '../resolve/sorted.ts';

/** What the digest of a model is made of: objectives and monitors only watch what training and serving do. */
export type Undigested = Omit<Model, 'specDigest' | 'ownDigest' | 'monitoring' | 'deprecated'>;

/**
 * Of what the model's own spec says. It stands in a file that changes of several views meet in, so it must hold nothing
 * of a view.
 */
export function ownDigest(model: Undigested, { value }: Declared<'Model'>): string {
  const { maxMissing, features, entities, inputs, ...rest } = model;
  const { pickle, ...train } = model.train;
  return digestOf(
    contentOf({
      ...rest,
      // Not where they are not stated: models that were trained before they could be are the same.
      ...(maxMissing === null ? {} : { maxMissing }),
      train: pickle ? model.train : train,
      aliases: sortedRecord(value.serving?.aliases),
      online: model.online && { timeoutSeconds: model.online.timeoutSeconds },
    }),
  );
}

/** Of that and the views: `view.*` stands for what it means today. `spec_digest.py` makes the same of the contracts. */
export function specDigest(own: string, model: Undigested, views: readonly FeatureView[]): string {
  const used = new Set(model.features.map(({ view }) => view));
  return digestOf([
    own,
    model.features.map(({ view, feature, type, mask }) => [view, feature, type, mask]),
    model.entities.map(({ entity, joinKey, type }) => [entity, joinKey, type]),
    views
      .filter(({ name }) => used.has(name))
      .map(({ name, entities, ttlSeconds, batch: { table, timestamp, created } }) => [
        name,
        entities,
        ttlSeconds,
        table,
        timestamp,
        created,
      ]),
  ]);
}

const digestOf = (value: unknown): string =>
  `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`;

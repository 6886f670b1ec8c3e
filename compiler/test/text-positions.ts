/** Every position of a text in the specs, from the schemas: a new field is among them by itself. */
import type { Kind } from '../spec-schema/kinds.ts';
import { type Schema, schemas } from '../spec-schema/schemas.ts';

export interface Position {
  kind: Kind;
  path: (string | number)[];
  /** The text is the last step of the path itself. */
  isKey: boolean;
}

export const textPositions = (): Position[] =>
  (Object.keys(schemas) as Kind[]).flatMap((kind) => below(schemas[kind], kind, []));

const takesTexts = ({ type, enum: words, const: word }: Schema): boolean =>
  words === undefined && word === undefined && (type === undefined || [type].flat().includes('string'));

function below(schema: Schema, kind: Kind, path: Position['path']): Position[] {
  const { properties = {}, additionalProperties: others, items } = schema;
  const inside = (step: string | number, each: Schema): Position[] => below(each, kind, [...path, step]);
  const isOpen = others === true || typeof others === 'object';
  return [
    ...(takesTexts(schema) && path.length > 0 && schema.properties === undefined ? [{ kind, path, isKey: false }] : []),
    ...Object.entries(properties).flatMap(([key, each]) => inside(key, each)),
    ...(isOpen ? [{ kind, path: [...path, 'some_key'], isKey: true }] : []),
    ...(typeof others === 'object' ? inside('some_key', others) : []),
    // What the schema leaves open may be of any depth.
    ...(others === true
      ? [['some_key'], ['some_key', 'inner'], ['some_key', 0], ['some_key', 0, 'inner']].map((more) => ({
          kind,
          path: [...path, ...more],
          isKey: false,
        }))
      : []),
    ...(items ? inside(0, items) : []),
  ];
}

/** A spec that holds nothing but a text at a position. */
export function specWith({ kind, path, isKey }: Position, text: string): unknown {
  const steps = isKey ? [...path.slice(0, -1), text] : path;
  const inner = steps.reduceRight<unknown>(
    (value, step) => (typeof step === 'number' ? [value] : { [step]: value }),
    isKey ? 'anything' : text,
  );
  return { kind, ...(inner as object) };
}

export const pathOf: Record<Kind, string> = {
  Platform: 'platform.yaml',
  Entity: 'features/some_entity.yaml',
  FeatureView: 'features/some_view.yaml',
  Pipeline: 'pipelines/some_pipeline/pipeline.yaml',
  Model: 'models/some_model/model.yaml',
  Policy: 'policies/some_policy.yaml',
  Monitoring: 'monitoring/some_spec.yaml',
};

/** The JSON Schemas of specs, walked along a path. */

import type { Path } from '../source/locate.ts';
import common from '../spec-schema/common.schema.json' with { type: 'json' };
import entity from '../spec-schema/entity.schema.json' with { type: 'json' };
import feature_view from '../spec-schema/feature_view.schema.json' with { type: 'json' };
import type { Kind } from '../spec-schema/kinds.ts';
import model from '../spec-schema/model.schema.json' with { type: 'json' };
import monitoring from '../spec-schema/monitoring.schema.json' with { type: 'json' };
import pipeline from '../spec-schema/pipeline.schema.json' with { type: 'json' };
import platform from '../spec-schema/platform.schema.json' with { type: 'json' };
import policy from '../spec-schema/policy.schema.json' with { type: 'json' };

export interface Schema {
  $ref?: string;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
}

const schemas: Record<Kind, unknown> = {
  Platform: platform,
  Entity: entity,
  FeatureView: feature_view,
  Pipeline: pipeline,
  Model: model,
  Policy: policy,
  Monitoring: monitoring,
};

function resolved(schema: Schema, root: Schema): Schema {
  const [, file, name] = /^([^#]*)#\/\$defs\/(.+)$/.exec(schema.$ref ?? '') ?? [];
  if (name === undefined) return schema;
  const { $ref: _, ...own } = schema;
  const defs = ((file === '' ? root : common) as { $defs?: Record<string, Schema> }).$defs;
  return { ...resolved(defs?.[name] ?? {}, root), ...own };
}

/** The schema of the value at a path; null where nothing of the sort may stand. */
export function schemaAt(kind: Kind, path: Path): Schema | null {
  const root = schemas[kind] as Schema;
  let schema: Schema | null = root;
  for (const step of path) {
    const within: Schema = resolved(schema, root);
    const more: Schema | null = typeof within.additionalProperties === 'object' ? within.additionalProperties : null;
    schema = typeof step === 'number' ? (within.items ?? null) : (within.properties?.[step] ?? more);
    if (!schema) return null;
  }
  return resolved(schema, root);
}

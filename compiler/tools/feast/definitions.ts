import type { Entity, Feature, FeatureView, Ir, Model } from '../../ir/types.ts';
import { imports, list, literal, name, naturalOrder, subscript } from '../../render/python-expression.ts';
import { timedelta } from '../../render/python-timedelta.ts';
import { deprecationTags } from '../deprecation-tags.ts';
import { entityVariable, moduleName, serviceVariable, sourceVariable, viewVariable } from './names.ts';
import { sourceName } from './sources.ts';
import { fieldType, valueType } from './types.ts';

export function entityContext(entity: Entity) {
  return {
    ...described(entity),
    variable: entityVariable(entity.name),
    joinKeys: [entity.joinKey],
    valueType: name(`ValueType.${valueType(entity.type)}`),
  };
}

export function viewContext(view: FeatureView, ir: Ir) {
  return {
    ...described({ ...view, tags: { ...deprecationTags(view.deprecated), ...view.tags } }),
    variable: viewVariable(view.name),
    documentation: `${view.name}: features in the table ${view.batch.table}.`,
    source: sourceVariable(sourceName(view, ir)),
    entityImports: imports(view.entities.map(entityVariable)),
    typeImports: imports(view.features.map(({ type }) => fieldType(type))),
    entities: list(view.entities.map((entity) => name(entityVariable(entity)))),
    ttl: timedelta(view.ttlSeconds),
    online: view.online,
    fields: view.features.map(fieldContext),
  };
}

export function serviceContext(model: Model) {
  const byView = featuresByView(model);
  return {
    ...described({ ...model, tags: { ...deprecationTags(model.deprecated), ...model.tags } }),
    variable: serviceVariable(model.name),
    documentation: `The features that the model ${model.name} is trained on and served with.`,
    views: [...byView.keys()].map(viewImport).sort((left, right) => naturalOrder(left.module, right.module)),
    features: list([...byView].map(([view, features]) => subscript(viewVariable(view), literal(features)))),
  };
}

function featuresByView(model: Model): Map<string, string[]> {
  const byView = new Map<string, string[]>();
  for (const { view, feature } of model.features) {
    byView.set(view, [...(byView.get(view) ?? []), feature]);
  }
  return byView;
}

function viewImport(view: string) {
  return { package: 'feature_views', module: moduleName(view), names: imports([viewVariable(view)]) };
}

/** Feast keeps no unit, window or range of a field, but shows its tags. */
function fieldContext(feature: Feature) {
  const facts = {
    unit: feature.unit,
    window_seconds: feature.windowSeconds,
    min: feature.min,
    max: feature.max,
  };
  const stated = Object.entries(facts).filter(([, value]) => value !== null);
  const tags = Object.fromEntries(stated.map(([key, value]) => [key, String(value)]));
  return {
    name: feature.name,
    type: name(fieldType(feature.type)),
    description: feature.description,
    tags: filled({ ...tags, ...deprecationTags(feature.deprecated), ...feature.tags }),
  };
}

interface Described {
  name: string;
  description: string;
  owner: string;
  tags: Record<string, string>;
}

function described({ name, description, owner, tags }: Described) {
  return { name, description, owner, tags: filled(tags) };
}

/** Null for an empty object, which a template's `if` takes for true. */
function filled(tags: Record<string, string>): Record<string, string> | null {
  return Object.keys(tags).length > 0 ? tags : null;
}

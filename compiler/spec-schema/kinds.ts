import type { ValidateFunction } from 'ajv';
import type {
  EntitySpec,
  FeatureViewSpec,
  ModelSpec,
  MonitoringSpec,
  PipelineSpec,
  PlatformSpec,
  PolicySpec,
} from './generated/types.ts';
import * as validators from './generated/validators.js';

export interface SpecTypes {
  Platform: PlatformSpec;
  Entity: EntitySpec;
  FeatureView: FeatureViewSpec;
  Pipeline: PipelineSpec;
  Model: ModelSpec;
  Policy: PolicySpec;
  Monitoring: MonitoringSpec;
}

export type Kind = keyof SpecTypes;

interface KindRule {
  validate: ValidateFunction;
  /** Paths at which a spec of this kind may be. */
  standsAt: RegExp;
  /** The same in words. */
  place: string;
}

export const kinds: Record<Kind, KindRule> = {
  Platform: { validate: validators.platform, standsAt: /^platform\.yaml$/, place: 'in platform.yaml' },
  Entity: {
    validate: validators.entity,
    standsAt: /^features\/.*[^/]\.yaml$/,
    place: 'in a file of its own below features/',
  },
  FeatureView: {
    validate: validators.feature_view,
    standsAt: /^features\/.*[^/]\.yaml$/,
    place: 'in a file of its own below features/',
  },
  Pipeline: {
    validate: validators.pipeline,
    standsAt: /^pipelines\/.+\/pipeline\.yaml$/,
    place: 'in pipelines/<name>/pipeline.yaml',
  },
  Model: { validate: validators.model, standsAt: /^models\/.+\/model\.yaml$/, place: 'in models/<name>/model.yaml' },
  Policy: {
    validate: validators.policy,
    standsAt: /^policies\/.*[^/]\.yaml$/,
    place: 'in a file of its own below policies/',
  },
  Monitoring: {
    validate: validators.monitoring,
    standsAt: /^monitoring\/.*[^/]\.yaml$/,
    place: 'in a file of its own below monitoring/',
  },
};

export const isKind = (value: unknown): value is Kind => typeof value === 'string' && Object.hasOwn(kinds, value);

/** The kinds that a path allows; none where a YAML file is not a spec at all. */
export function kindsAt(path: string): Kind[] {
  return (Object.keys(kinds) as Kind[]).filter((kind) => kinds[kind].standsAt.test(path));
}

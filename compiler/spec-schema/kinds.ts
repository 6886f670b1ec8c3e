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
  /** Whether a spec of this kind may stand at this path. */
  standsAt: RegExp;
  /** The same in words. */
  place: string;
}

export const kinds: Record<Kind, KindRule> = {
  Platform: { validate: validators.platform, standsAt: /^platform\.yaml$/, place: 'in platform.yaml' },
  Entity: {
    validate: validators.entity,
    standsAt: /^features\/.*[^/]\.ya?ml$/,
    place: 'below features/, one file each',
  },
  FeatureView: {
    validate: validators.feature_view,
    standsAt: /^features\/.*[^/]\.ya?ml$/,
    place: 'below features/, one file each',
  },
  Pipeline: {
    validate: validators.pipeline,
    standsAt: /^pipelines\/.+\/pipeline\.yaml$/,
    place: 'in pipelines/<name>/pipeline.yaml',
  },
  Model: { validate: validators.model, standsAt: /^models\/.+\/model\.yaml$/, place: 'in models/<name>/model.yaml' },
  Policy: {
    validate: validators.policy,
    standsAt: /^policies\/.*[^/]\.ya?ml$/,
    place: 'below policies/, one file each',
  },
  Monitoring: {
    validate: validators.monitoring,
    standsAt: /^monitoring\/.*[^/]\.ya?ml$/,
    place: 'below monitoring/, one file each',
  },
};

export const isKind = (value: unknown): value is Kind => typeof value === 'string' && Object.hasOwn(kinds, value);

/** The kinds that may stand at a path; none where a YAML file there is not a spec at all. */
export function kindsAt(path: string): Kind[] {
  return (Object.keys(kinds) as Kind[]).filter((kind) => kinds[kind].standsAt.test(path));
}

import type { ChangeRule } from '../../../tools/change-rule.ts';
import { rule as aliasAdded } from './alias-added.ts';
import { rule as aliasChanged } from './alias-changed.ts';
import { rule as aliasEnvironment } from './alias-environment.ts';
import { rule as aliasRemoved } from './alias-removed.ts';
import { rule as batchAdded } from './batch-added.ts';
import { rule as batchOutput } from './batch-output.ts';
import { rule as batchRemoved } from './batch-removed.ts';
import { rule as batchRows } from './batch-rows.ts';
import { rule as driftLoosened } from './drift-loosened.ts';
import { rule as driftTightened } from './drift-tightened.ts';
import { rule as gateLoosened } from './gate-loosened.ts';
import { rule as gateTightened } from './gate-tightened.ts';
import { rule as inputAdded } from './input-added.ts';
import { rule as inputFollows } from './input-follows.ts';
import { rule as inputRemoved } from './input-removed.ts';
import { rule as labelHorizon } from './label-horizon.ts';
import { rule as labelMeaning } from './label-meaning.ts';
import { rule as labelType } from './label-type.ts';
import { rule as logLonger } from './log-longer.ts';
import { rule as logShorter } from './log-shorter.ts';
import { rule as missingAllowed } from './missing-allowed.ts';
import { rule as missingFewer } from './missing-fewer.ts';
import { rule as missingMore } from './missing-more.ts';
import { rule as missingRejected } from './missing-rejected.ts';
import { rule as modelAdded } from './model-added.ts';
import { rule as modelFolder } from './model-folder.ts';
import { rule as modelKeys } from './model-keys.ts';
import { rule as modelOutput } from './model-output.ts';
import { rule as modelPackages } from './model-packages.ts';
import { rule as modelRemoved } from './model-removed.ts';
import { rule as modelRenamed } from './model-renamed.ts';
import { rule as modelTask } from './model-task.ts';
import { rule as pickleAllowed } from './pickle-allowed.ts';
import { rule as pickleRefused } from './pickle-refused.ts';
import { rule as qualityLimits } from './quality-limits.ts';
import { rule as requestNullAllowed } from './request-null-allowed.ts';
import { rule as requestNullRefused } from './request-null-refused.ts';
import { rule as requestOptional } from './request-optional.ts';
import { rule as requestRangeNarrowed } from './request-range-narrowed.ts';
import { rule as requestRangeWidened } from './request-range-widened.ts';
import { rule as requestRemoved } from './request-removed.ts';
import { rule as requestRenamed } from './request-renamed.ts';
import { rule as requestRequired } from './request-required.ts';
import { rule as requestType } from './request-type.ts';
import { rule as requestTypeWider } from './request-type-wider.ts';
import { rule as requestUnit } from './request-unit.ts';
import { rule as requestUnitStated } from './request-unit-stated.ts';
import { rule as signature } from './signature.ts';
import { rule as specDigest } from './spec-digest.ts';
import { rule as trainArguments } from './train-arguments.ts';
import { rule as trainCode } from './train-code.ts';
import { rule as trainFunction } from './train-function.ts';
import { rule as trainHoldout } from './train-holdout.ts';
import { rule as trainMetric } from './train-metric.ts';
import { rule as trainWindow } from './train-window.ts';

export const models: readonly ChangeRule[] = [
  aliasAdded,
  aliasChanged,
  aliasEnvironment,
  aliasRemoved,
  batchAdded,
  batchOutput,
  batchRemoved,
  batchRows,
  driftLoosened,
  driftTightened,
  gateLoosened,
  gateTightened,
  inputAdded,
  inputFollows,
  inputRemoved,
  labelHorizon,
  labelMeaning,
  labelType,
  logLonger,
  logShorter,
  missingAllowed,
  missingFewer,
  missingMore,
  missingRejected,
  modelAdded,
  modelFolder,
  modelKeys,
  modelOutput,
  modelPackages,
  modelRemoved,
  modelRenamed,
  modelTask,
  qualityLimits,
  requestNullAllowed,
  requestNullRefused,
  requestOptional,
  requestRangeNarrowed,
  requestRangeWidened,
  requestRemoved,
  requestRenamed,
  requestRequired,
  requestType,
  requestTypeWider,
  requestUnit,
  requestUnitStated,
  signature,
  specDigest,
  trainArguments,
  trainCode,
  trainFunction,
  trainHoldout,
  trainMetric,
  trainWindow,
  pickleAllowed,
  pickleRefused,
];

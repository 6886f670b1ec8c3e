import type { Ir } from '../../ir/types.ts';
import type { RuleFile } from './rule.ts';
import { modelFile } from './rules/model.ts';
import { monitorFile } from './rules/monitor.ts';
import { pipelineFile } from './rules/pipeline.ts';
import { platformFile } from './rules/platform.ts';
import { streamFile } from './rules/stream.ts';
import { teamFile } from './rules/team.ts';
import { viewFile } from './rules/view.ts';

/** Which rules an IR asks for: a file per subject. */
export function ruleFiles(ir: Ir): RuleFile[] {
  return [
    ...ir.models.filter(({ online }) => online !== null).map(modelFile),
    ...ir.featureViews.filter(({ stream }) => stream !== null).map(streamFile),
    ...ir.featureViews.map(viewFile),
    ...ir.models.map(monitorFile),
    ...ir.pipelines.map(pipelineFile),
    platformFile(ir),
    teamFile(ir),
  ].filter(({ groups }) => groups.length > 0);
}

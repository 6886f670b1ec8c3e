import type { ChangeRule } from '../../../tools/change-rule.ts';
import { rule as catchupOff } from './catchup-off.ts';
import { rule as catchupOn } from './catchup-on.ts';
import { rule as columnAdded } from './column-added.ts';
import { rule as columnRemoved } from './column-removed.ts';
import { rule as columnType } from './column-type.ts';
import { rule as derivedAdded } from './derived-added.ts';
import { rule as derivedReads } from './derived-reads.ts';
import { rule as derivedRemoved } from './derived-removed.ts';
import { rule as derivedWaits } from './derived-waits.ts';
import { rule as modePartition } from './mode-partition.ts';
import { rule as modeReplacesAll } from './mode-replaces-all.ts';
import { rule as modeToAppend } from './mode-to-append.ts';
import { rule as outlets } from './outlets.ts';
import { rule as pipelineAdded } from './pipeline-added.ts';
import { rule as pipelineDerived } from './pipeline-derived.ts';
import { rule as pipelineRemoved } from './pipeline-removed.ts';
import { rule as pipelineRenamed } from './pipeline-renamed.ts';
import { rule as pipelineStartEarlier } from './pipeline-start-earlier.ts';
import { rule as pipelineStartLater } from './pipeline-start-later.ts';
import { rule as retriesFewer } from './retries-fewer.ts';
import { rule as retriesMore } from './retries-more.ts';
import { rule as scheduleFaster } from './schedule-faster.ts';
import { rule as scheduleOther } from './schedule-other.ts';
import { rule as scheduleSlower } from './schedule-slower.ts';
import { rule as scheduleTooSlow } from './schedule-too-slow.ts';
import { rule as stepAdded } from './step-added.ts';
import { rule as stepCode } from './step-code.ts';
import { rule as stepCodeUnfitted } from './step-code-unfitted.ts';
import { rule as stepConnections } from './step-connections.ts';
import { rule as stepFunction } from './step-function.ts';
import { rule as stepKind } from './step-kind.ts';
import { rule as stepLock } from './step-lock.ts';
import { rule as stepNeeds } from './step-needs.ts';
import { rule as stepPackages } from './step-packages.ts';
import { rule as stepReads } from './step-reads.ts';
import { rule as stepRemoved } from './step-removed.ts';
import { rule as stepRemovedUnread } from './step-removed-unread.ts';
import { rule as stepRenamed } from './step-renamed.ts';
import { rule as stepWrites } from './step-writes.ts';
import { rule as tableAdded } from './table-added.ts';
import { rule as tableRemoved } from './table-removed.ts';
import { rule as tableRenamed } from './table-renamed.ts';
import { rule as tableTimestamp } from './table-timestamp.ts';
import { rule as tableWriter } from './table-writer.ts';
import { rule as timeoutLonger } from './timeout-longer.ts';
import { rule as timeoutShorter } from './timeout-shorter.ts';

export const pipelines: readonly ChangeRule[] = [
  catchupOff,
  catchupOn,
  columnAdded,
  columnRemoved,
  columnType,
  derivedAdded,
  derivedReads,
  derivedRemoved,
  derivedWaits,
  modePartition,
  modeReplacesAll,
  modeToAppend,
  outlets,
  pipelineAdded,
  pipelineDerived,
  pipelineRemoved,
  pipelineRenamed,
  pipelineStartEarlier,
  pipelineStartLater,
  retriesFewer,
  retriesMore,
  scheduleFaster,
  scheduleOther,
  scheduleSlower,
  scheduleTooSlow,
  stepAdded,
  stepCode,
  stepCodeUnfitted,
  stepConnections,
  stepFunction,
  stepKind,
  stepLock,
  stepNeeds,
  stepPackages,
  stepReads,
  stepRemoved,
  stepRemovedUnread,
  stepRenamed,
  stepWrites,
  tableAdded,
  tableRemoved,
  tableRenamed,
  tableTimestamp,
  tableWriter,
  timeoutLonger,
  timeoutShorter,
];

"""Runs a step: reads its tables, calls its function, publishes the result."""

from __future__ import annotations

import time
from typing import Any

from mlops_runtime import contracts
from mlops_runtime.context import StepContext
from mlops_runtime.environment import Workspace
from mlops_runtime.steps.lookup import find
from mlops_runtime.tables import warehouse
from mlops_runtime.tables.partitions import Partition
from mlops_runtime.team import functions

Evidence = dict[str, Any]


def run(workspace: Workspace, pipeline: str, name: str) -> Evidence:
    """Runs the step. Its evidence: what was read and written, and the seconds it took.

    Raises `PlatformError` with a message of one sentence.
    """
    step = find(workspace, pipeline, name)
    started = time.monotonic()
    match step.call:
        case contracts.FunctionCall():
            zone = workspace.pipeline(pipeline).timezone
            evidence = _call_function(workspace, f"{pipeline}.{name}", step, step.call, zone)
        case contracts.MaterializeCall(with_=arguments):
            from mlops_runtime import features

            evidence = {"views": features.materialize(workspace, arguments.views)}
        case contracts.ModelCall(uses=uses, with_=arguments):
            evidence = _model_step(workspace, uses, arguments.model)
    seconds = round(time.monotonic() - started, 1)
    return {"pipeline": pipeline, "step": name, **evidence, "seconds": seconds}


def _call_function(
    workspace: Workspace, writer: str, step: contracts.Step, call: contracts.FunctionCall, zone: str
) -> Evidence:
    read = {table: warehouse.current(workspace, table) for table in step.reads}
    inputs = {table: warehouse.read(workspace, table, found.digest) for table, found in read.items()}
    function = functions.load(workspace.root, call.file, call.function)
    context = StepContext.of(workspace, writer, step.connections)
    result = functions.call(workspace.root, function, {**inputs, **call.with_}, {"context": context})
    frames = functions.returned_frames(workspace.root, function, result, step.writes)
    start, end = context.interval_start, context.interval_end
    partition = Partition(step.partition, zone, start, end) if step.partition else None
    written = warehouse.publish_all(workspace, frames, writer, step.mode, partition)
    return {"read": _summary(read), "written": _summary(written)}


def _model_step(workspace: Workspace, uses: contracts.ModelStep, model: str) -> Evidence:
    if uses == "score":
        from mlops_runtime.scoring.score import score

        return score(workspace, model)
    from mlops_runtime.training.steps import STEPS

    return STEPS[uses](workspace, model)


def _summary(snapshots: dict[str, warehouse.Snapshot]) -> dict[str, Any]:
    return {name: {"rows": found.rows, "digest": found.digest} for name, found in snapshots.items()}

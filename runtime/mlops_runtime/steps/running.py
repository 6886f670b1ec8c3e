"""Runs a step: reads its tables, calls its function, publishes the result."""

from __future__ import annotations

import time
from typing import Any

from mlops_runtime import contracts
from mlops_runtime.context import StepContext
from mlops_runtime.environment import Workspace
from mlops_runtime.steps.lasting import lasting
from mlops_runtime.steps.lookup import find
from mlops_runtime.tables import warehouse
from mlops_runtime.tables.partitions import Partition
from mlops_runtime.team import functions

Evidence = dict[str, Any]


def run(workspace: Workspace, pipeline: str, name: str) -> Evidence:
    """Runs the step. Its evidence: what was read and written, and the seconds it took.

    Raises `PlatformError` with a message of one sentence, and `Lasting` where another try cannot mend it.
    """
    step = find(workspace, pipeline, name)
    started = time.monotonic()
    with lasting(step):
        evidence = _run(workspace, pipeline, name, step)
    seconds = round(time.monotonic() - started, 1)
    return {"pipeline": pipeline, "step": name, **evidence, "seconds": seconds}


def _run(workspace: Workspace, pipeline: str, name: str, step: contracts.Step) -> Evidence:
    match step.call:
        case contracts.FunctionCall():
            zone = workspace.pipeline(pipeline).timezone
            return _call_function(workspace, f"{pipeline}.{name}", step, step.call, zone)
        case contracts.MaterializeCall(with_=arguments):
            from mlops_runtime import features

            return {"views": features.materialize(workspace, arguments.views)}
        case contracts.ModelCall(uses=uses, with_=arguments):
            return _model_step(workspace, uses, arguments.model)


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
    return {
        "read": {table: found.summary() for table, found in read.items()},
        "written": {table: found.summary() for table, found in written.items()},
    }


def _model_step(workspace: Workspace, uses: contracts.ModelStep, model: str) -> Evidence:
    if uses == "score":
        from mlops_runtime.scoring.score import score

        return score(workspace, model)
    from mlops_runtime.training.steps import STEPS

    return STEPS[uses](workspace, model)

"""The gate, which decides once, from the recorded evaluation, whether a run's model may become champion."""

from __future__ import annotations

from dataclasses import replace

from mlops_runtime import tracking
from mlops_runtime.errors import PlatformError, Skipped
from mlops_runtime.training import tries, verdict
from mlops_runtime.training.run import TrainingRun
from mlops_runtime.training.verdict import BASELINE, CANDIDATE, CHAMPION, Rule, Verdict

# Tags of the run. A verdict applies to one logged model; training again invalidates it.
MODEL_ID, EVALUATED, GATED = "model.id", "evaluated.model_id", "gate.model_id"
GATE, REASON, CHAMPION_VERSION = "gate", "gate.reason", "evaluated.champion_version"
CHAMPION_UNASKED = "evaluated.champion_unasked"  # why the champion could not be compared with, or empty
PENDING, PASSED, REFUSED = "pending", "passed", "refused"


def decide(run: TrainingRun) -> Verdict:
    """The verdict on the run's model, recorded in its tags. Repeating it returns the first verdict.

    Raises `PlatformError` if the champion has changed since the evaluation.
    """
    tags = run.recorded().data.tags
    if tags.get(GATE) in (PASSED, REFUSED) and tags.get(GATED) == tags.get(MODEL_ID):
        return Verdict(tags[GATE] == PASSED, tags[REASON])
    require_same_champion(run)
    found = _judge(run)
    tried = tries.count(run)
    found = Verdict(found.passed, f"{found.reason} {tried.sentence()}".rstrip())
    run.log_metrics(tried.metrics())
    run.set_tags(
        {REASON: found.reason, GATED: tags.get(MODEL_ID, ""), GATE: PASSED if found.passed else REFUSED}
    )
    return found


def _judge(run: TrainingRun) -> Verdict:
    recorded = run.recorded().data
    train, tags = run.model.train, recorded.tags
    evaluated = MODEL_ID in tags and tags.get(EVALUATED) == tags[MODEL_ID]
    found = recorded.metrics if evaluated else {}
    beats = [str(name) for name in train.promote_if.beats if name != CHAMPION or tags.get(CHAMPION_VERSION)]
    unasked = tags.get(CHAMPION_UNASKED, "") if CHAMPION in beats else ""
    if unasked:
        beats = [name for name in beats if name != CHAMPION] or [BASELINE]
    judged = verdict.judge(
        Rule(train.metric, train.goal, train.promote_if.by),
        found.get(f"{CANDIDATE}_{train.metric}"),
        {name: found.get(f"{name}_{train.metric}") for name in beats},
    )
    return replace(judged, reason=f"{judged.reason} {unasked}") if unasked else judged


def require_passed(run: TrainingRun) -> None:
    """Raises `Skipped` if the gate has refused this model, `PlatformError` unless it has passed it."""
    recorded = run.recorded().data
    tags, metric = recorded.tags, f"{CANDIDATE}_{run.model.train.metric}"
    if tags.get(GATE) == REFUSED and tags.get(GATED) == tags.get(MODEL_ID):
        raise Skipped(
            f"'{run.model.model}' is not registered, because the gate refused it. {tags.get(REASON, '')}"
        )
    if tags.get(GATE) != PASSED or tags.get(GATED) != tags.get(MODEL_ID) or metric not in recorded.metrics:
        raise PlatformError(
            f"'{run.model.model}' is not registered: the gate has not passed the model of the run {run.id}. "
            "Run the steps evaluate and gate first."
        )


def require_same_champion(run: TrainingRun) -> None:
    """Raises `PlatformError` if the run's model was compared with another champion than the current one."""
    current = tracking.champion(run.client, run.contract)
    if current is not None and current.run_id == run.id:
        return
    compared, now = run.tag(CHAMPION_VERSION) or "none", str(current.version) if current else "none"
    if compared != now:
        raise PlatformError(
            f"The champion of '{run.model.model}' changed since the evaluation (version: {compared}, "
            f"now {now}), so the comparison no longer holds: run the steps evaluate and gate again."
        )

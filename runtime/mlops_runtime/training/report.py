"""The evaluation as a report: a table of metrics, the split, and the error over time."""

from __future__ import annotations

import json

import numpy as np
from matplotlib.figure import Figure

from mlops_runtime.training.dataset import LABEL_TIMESTAMP, Side
from mlops_runtime.training.evaluate import Evaluation
from mlops_runtime.training.metrics import METRICS
from mlops_runtime.training.run import TrainingRun

_MINUTE = "%Y-%m-%d %H:%M"


def log_report(run: TrainingRun, evaluation: Evaluation, holdout: Side) -> None:
    written = {
        "model": run.model.model,
        "rows_holdout": len(holdout.labels),
        "champion_version": evaluation.champion_version,
        "champion_unasked": evaluation.champion_unasked,
        "metrics": evaluation.metrics,
    }
    run.log_text(json.dumps(written, indent=2), "evaluation/report.json")
    run.log_text(markdown(run, evaluation, holdout), "evaluation/report.md")
    run.client.log_figure(run.id, figure(evaluation, holdout), "evaluation/error_by_day.png")


def markdown(run: TrainingRun, evaluation: Evaluation, holdout: Side) -> str:
    model = run.model
    names = METRICS[model.task]
    times = holdout.rows[LABEL_TIMESTAMP]
    lines = [
        f"# Evaluation of {model.model}",
        "",
        f"{len(holdout.labels):,} held-back rows, {times.min():{_MINUTE}} to {times.max():{_MINUTE}} UTC. "
        f"The gate uses {model.train.metric} (to {model.train.goal}).",
        "",
        f"| | {' | '.join(names)} |",
        f"| --- |{' ---: |' * len(names)}",
    ]
    for prefix in evaluation.predictions:
        values = " | ".join(f"{evaluation.metrics[f'{prefix}_{name}']:.4f}" for name in names)
        lines.append(f"| {_label(prefix, evaluation)} | {values} |")
    if evaluation.champion_unasked:
        lines += ["", evaluation.champion_unasked]
    return "\n".join([*lines, ""])


def figure(evaluation: Evaluation, holdout: Side) -> Figure:
    """Mean absolute error per day, with a line each for candidate, baseline and champion."""
    days = holdout.rows[LABEL_TIMESTAMP].dt.floor("D")
    drawn = Figure(figsize=(9, 3.5), layout="constrained")
    axes = drawn.subplots()
    for prefix, predicted in evaluation.predictions.items():
        errors = holdout.rows[[LABEL_TIMESTAMP]].assign(error=np.abs(holdout.labels - predicted))
        daily = errors.groupby(days)["error"].mean()
        axes.plot(daily.index.to_numpy(), daily.to_numpy(), label=_label(prefix, evaluation))
    axes.set_ylabel("mean absolute error a day")
    axes.grid(alpha=0.3)
    axes.legend()
    return drawn


def _label(prefix: str, evaluation: Evaluation) -> str:
    match prefix:
        case "holdout":
            return "candidate"
        case "champion":
            return f"champion (version {evaluation.champion_version})"
        case _:
            return prefix

"""Scores the newest rows of a table with the champion and publishes the predictions as a table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from mlops_runtime import contracts, tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError, Skipped
from mlops_runtime.predictions.batch import write_batch
from mlops_runtime.tables import warehouse
from mlops_runtime.tables.partitions import Since
from mlops_runtime.training import inputs, missing, predictor
from mlops_runtime.training.predictor import Predictor

VERSION = "model_version"


def score(workspace: Workspace, model_name: str) -> dict[str, Any]:
    """Publishes predictions for the newest rows. Its evidence: counts of rows, the version and the digests.

    The newest rows are found by the table's own timestamps, so that a run repeated later scores the same.
    Their predictions replace those of the same window; older ones stay. Raises `Skipped` while there is no
    champion or no data, and `PlatformError` if no row can be scored, or if all lack what the champion has
    learned from.
    """
    model = workspace.model(model_name)
    batch = _batch(model)
    with tracking.failures(workspace):
        champion = _champion(workspace, model_name)
        loaded = predictor.load_version(workspace, champion.name, str(champion.version))
    digests = _digests(workspace, model, batch)
    table = warehouse.read(workspace, batch.entities, digests[batch.entities])
    rows = newest(model, table, batch.window_seconds, workspace.now())
    found = inputs.assemble(workspace, model, rows, digests)
    learned = _learned(workspace, champion, loaded)
    asked = missing.Asked(batch.entities, rows, found)
    missing.require_known(workspace, model, asked, digests, learned, str(champion.version))
    usable = inputs.usable(model, found)
    if not usable.any():
        raise PlatformError(
            f"None of the {len(rows):,} rows of '{batch.entities}' has all inputs that '{model_name}' "
            "requires."
        )
    predicted = loaded.predict(inputs.typed(model.inputs, found[usable]))
    predictions = _scored_rows(model, rows[usable])
    predictions[model.output.name] = predicted
    predictions[VERSION] = str(champion.version)
    write_batch(workspace, model, rows[usable], found[usable], predicted, str(champion.version))
    published = warehouse.publish(
        workspace,
        batch.output,
        predictions,
        _writer(workspace, batch.output),
        mode="overwrite_partition",
        partition=Since(model.label.timestamp, rows[model.label.timestamp].min()),
    )
    broken = warehouse.warnings(workspace, digests | {published.table: published.digest})
    warnings = {"warnings": broken} if broken else {}
    return {
        "model": model_name,
        "model_version": str(champion.version),
        "mlflow_run_id": champion.run_id,
        "rows": len(rows),
        "rows_ahead": int((inputs.prediction_times(model, rows) > workspace.now()).sum()),
        "rows_scored": len(predictions),
        "rows_rejected": int((~usable).sum()),
        "missing": missing.notable(missing.shares(found)),
        "table": published.table,
        "digest": published.digest,
        "digests": digests,
        **warnings,
    }


def newest(model: contracts.Model, rows: pd.DataFrame, window_seconds: int, now: datetime) -> pd.DataFrame:
    """The rows of the last `window_seconds`, by the label's timestamp, and those that come after.

    The window ends at the newest row whose prediction is due by `now`. Rows ahead of it are scored with what
    is known; they do not move the window, or one row dated wrongly would hide all others.
    """
    times = rows[model.label.timestamp]
    due = times[inputs.prediction_times(model, rows) <= now]
    end = times.min() if due.empty else due.max()
    recent: pd.DataFrame = rows[times > end - pd.Timedelta(seconds=window_seconds)]
    return recent.reset_index(drop=True)


def _batch(model: contracts.Model) -> contracts.Batch:
    if model.batch is None:
        raise PlatformError(f"{model.spec.file} states no `serving.batch`, so there is nothing to score.")
    return model.batch


def _champion(workspace: Workspace, model_name: str) -> Any:
    found = tracking.champion(tracking.connect(workspace), workspace.tracking(model_name))
    if found is None:
        raise Skipped(f"'{model_name}' has no champion yet, so nothing was scored; train it first.")
    return found


def _learned(workspace: Workspace, champion: Any, loaded: Predictor) -> dict[str, float]:
    """The champion's inputs, with the share of its training rows that lacked each; 0 if unknown."""
    with tracking.failures(workspace):
        recorded = tracking.connect(workspace).get_run(champion.run_id).data.metrics
    shares = missing.of_metrics(recorded)
    return {name: shares.get(name, 0.0) for name in loaded.columns}


def _digests(workspace: Workspace, model: contracts.Model, batch: contracts.Batch) -> dict[str, str]:
    tables = {batch.entities, *(feature.table for feature in model.features)}
    warehouse.require_rows(workspace, sorted(tables))
    return {table: warehouse.fold_stream(workspace, table).digest for table in sorted(tables)}


def _scored_rows(model: contracts.Model, rows: pd.DataFrame) -> pd.DataFrame:
    """What tells whose score it is: the rows' own columns, without the label and what is masked."""
    names = {model.label.column, model.output.name, VERSION, *model.masks}
    needed = {key.join_key for key in model.entities} | {model.label.timestamp}
    kept = [name for name in rows.columns if name in needed or name not in names]
    return rows[kept].reset_index(drop=True)


def _writer(workspace: Workspace, table: str) -> str:
    writer = workspace.table(table).writer
    return f"{writer.pipeline}.{writer.step}" if writer else "score"

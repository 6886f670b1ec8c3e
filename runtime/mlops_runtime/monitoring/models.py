"""Drift of each model's inputs and predictions, and its performance once labels are known."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from psycopg import sql

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.monitoring import drift
from mlops_runtime.monitoring.metrics import MonitorMetrics, Row
from mlops_runtime.monitoring.references import Reference, References
from mlops_runtime.predictions.columns import AT, LABEL_TIMESTAMP, MISSING, PREDICTION
from mlops_runtime.predictions.reader import PredictionReader
from mlops_runtime.stores import postgres

# Drift is compared only over nearly whole windows, because values follow the day and the week.
COVERED = 0.8
LABEL = "_label"
# How much later than the horizon a label may be, for a prediction that states no label timestamp.
PATIENCE = timedelta(days=1)


class ModelMonitor:
    def __init__(self, workspace: Workspace, metrics: MonitorMetrics) -> None:
        self._workspace, self._metrics = workspace, metrics
        self._references = References(workspace)
        self._models = [(model, PredictionReader(workspace, model)) for model in workspace.monitored_models()]

    def __call__(self) -> None:
        rows: dict[str, list[Row]] = {}
        now = self._workspace.now()
        for model, reader in self._models:
            reference = self._references.of(model)
            if reference is not None:
                for name, labels, value in self._measure(model, reader, reference, now):
                    rows.setdefault(name, []).append(((model.model, *labels), value))
        for name in _TOLD:
            self._metrics.replace(name, rows.get(name, []))

    def _measure(
        self,
        model: contracts.MonitoredModel,
        reader: PredictionReader,
        reference: Reference,
        now: datetime,
    ) -> list[Measured]:
        longest = max(model.drift.window_seconds, _reach(model))
        made = reader.since(now - timedelta(seconds=longest), now)
        start = now - timedelta(seconds=model.drift.window_seconds)
        return [
            *drifts(model, reference, made[made[AT] > start]),
            *missing(model, made[made[AT] > start]),
            *self._performance(model, reference, made, now),
        ]

    def _performance(
        self, model: contracts.MonitoredModel, reference: Reference, made: pd.DataFrame, now: datetime
    ) -> list[Measured]:
        labels = self._labels(model, now)
        found: list[Measured] = [
            ("mlops_model_performance_baseline", (metric,), value)
            for metric, value in reference.baseline.items()
        ]
        if labels is None:
            return found
        newest = self._newest_label(model, now)
        if newest is not None:
            found.append(("mlops_model_labels_age_seconds", (), (now - newest).total_seconds()))
        joined = labelled(model, made, labels)
        return [*found, *performance(model, joined)]

    def _newest_label(self, model: contracts.MonitoredModel, now: datetime) -> datetime | None:
        """The newest label's timestamp, even before the window, where its age matters most."""
        label = model.label
        query = sql.SQL("SELECT max({time}) FROM {table} WHERE {time} <= %s AND {label} IS NOT NULL").format(
            time=sql.Identifier(label.timestamp),
            table=sql.Identifier(label.table),
            label=sql.Identifier(label.column),
        )
        with postgres.failures(self._workspace), postgres.connect(self._workspace) as connection:
            row = connection.execute(query, [now]).fetchone()
        return row[0] if row else None

    def _labels(self, model: contracts.MonitoredModel, now: datetime) -> pd.DataFrame | None:
        """The window's labels by keys and timestamp, or None if their table was never published."""
        label = model.label
        names = list(dict.fromkeys([*model.keys, label.timestamp]))
        start = now - timedelta(seconds=model.performance.window_seconds)
        with postgres.failures(self._workspace), postgres.connect(self._workspace) as connection:
            if not postgres.exists(connection, label.table):
                return None
            query = sql.SQL(
                "SELECT {columns}, {label} FROM {table} "
                "WHERE {time} > %s AND {time} <= %s AND {label} IS NOT NULL"
            ).format(
                columns=sql.SQL(", ").join(map(sql.Identifier, names)),
                label=sql.Identifier(label.column),
                table=sql.Identifier(label.table),
                time=sql.Identifier(label.timestamp),
            )
            rows = connection.execute(query, [start, now]).fetchall()
        frame = pd.DataFrame(rows, columns=[*names, LABEL])
        frame[label.timestamp] = pd.to_datetime(frame[label.timestamp], utc=True)
        frame[LABEL] = frame[LABEL].astype("float64")
        return frame[frame[LABEL].notna()]


Measured = tuple[str, tuple[str, ...], float]

_TOLD = (
    "mlops_input_missing_ratio",
    "mlops_input_drift_psi",
    "mlops_input_drift_ks",
    "mlops_prediction_drift_psi",
    "mlops_prediction_drift_ks",
    "mlops_drift_samples",
    "mlops_model_performance",
    "mlops_model_performance_baseline",
    "mlops_model_performance_samples",
    "mlops_model_labels_age_seconds",
)


def _reach(model: contracts.MonitoredModel) -> float:
    """The age, in seconds, of the oldest prediction whose label may fall into the window."""
    waited = model.label.horizon_seconds + PATIENCE.total_seconds()
    return model.performance.window_seconds + waited


def drifts(model: contracts.MonitoredModel, reference: Reference, made: pd.DataFrame) -> list[Measured]:
    """Drift of inputs and predictions; only the number of samples if they are too few or cover too little."""
    found: list[Measured] = [("mlops_drift_samples", (), float(len(made)))]
    if len(made) < model.drift.min_samples or _covered(made) < COVERED * model.drift.window_seconds:
        return found
    for field in model.inputs:
        if field.name in model.drift.ignore or field.name not in reference.inputs or field.name not in made:
            continue
        moved = drift.compare(reference.inputs[field.name], made[field.name])
        found.append(("mlops_input_drift_psi", (field.name,), moved.psi))
        if moved.ks is not None:
            found.append(("mlops_input_drift_ks", (field.name,), moved.ks))
    if reference.predictions is not None:
        moved = drift.compare(reference.predictions, made[PREDICTION])
        found.append(("mlops_prediction_drift_psi", (), moved.psi))
        found.append(("mlops_prediction_drift_ks", (), moved.ks or 0.0))
    return found


def missing(model: contracts.MonitoredModel, made: pd.DataFrame) -> list[Measured]:
    """Per feature, the share of predictions that were made without it; nothing without predictions."""
    told = made[MISSING].dropna() if MISSING in made else pd.Series(dtype="object")
    if not len(told):
        return []
    counts = told.explode().value_counts()
    features = [field.name for field in model.inputs if field.name not in model.request]
    return [
        ("mlops_input_missing_ratio", (name,), float(counts.get(name, 0)) / len(told)) for name in features
    ]


def _covered(made: pd.DataFrame) -> float:
    reach: float = (made[AT].max() - made[AT].min()).total_seconds()
    return reach


def labelled(model: contracts.MonitoredModel, made: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Predictions with their labels; those without a label are left out.

    A prediction that states its label's timestamp gets the label of that time and the same keys. Others get
    the first label of their keys at or after the prediction, up to a day later than the horizon.
    """
    if not len(made) or not len(labels):
        return pd.DataFrame(columns=[PREDICTION, LABEL])
    keys, time = list(model.keys), model.label.timestamp
    stated = made[LABEL_TIMESTAMP].notna()
    exact = made[stated].merge(
        labels.rename(columns={time: LABEL_TIMESTAMP})[[*keys, LABEL_TIMESTAMP, LABEL]],
        on=[*keys, LABEL_TIMESTAMP],
    )
    open_ones = made[~stated]
    if not len(open_ones):
        return exact
    tolerance = timedelta(seconds=model.label.horizon_seconds) + PATIENCE
    following = pd.merge_asof(
        open_ones.sort_values(AT),
        labels.rename(columns={time: "_time"})[[*keys, "_time", LABEL]].sort_values("_time"),
        left_on=AT,
        right_on="_time",
        by=keys,
        direction="forward",
        tolerance=tolerance,
    )
    return pd.concat([exact, following[following[LABEL].notna()]], ignore_index=True)


def performance(model: contracts.MonitoredModel, joined: pd.DataFrame) -> list[Measured]:
    """Metrics of labelled predictions; only their number if they are too few, or of one class."""
    from mlops_runtime.training import metrics  # scikit-learn takes a second to import

    found: list[Measured] = [("mlops_model_performance_samples", (), float(len(joined)))]
    if len(joined) < model.performance.min_samples:
        return found
    actual = joined[LABEL].to_numpy(dtype=np.float64)
    if model.task == "classification" and len(np.unique(actual)) < 2:
        return found
    measured = metrics.measure(model.task, actual, joined[PREDICTION].to_numpy(dtype=np.float64))
    return [
        *found,
        *(
            ("mlops_model_performance", (name,), value)
            for name, value in measured.items()
            if math.isfinite(value)
        ),
    ]

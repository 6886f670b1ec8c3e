"""Quality of each view's newest rows, one query per view: volume, age, missing values, ranges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import sql

from mlops_runtime import contracts
from mlops_runtime.contracts.monitoring import MonitoredFeature
from mlops_runtime.environment import Workspace
from mlops_runtime.monitoring.metrics import MonitorMetrics
from mlops_runtime.stores import postgres

_ORDERED = ("int32", "int64", "float32", "float64")


@dataclass(frozen=True)
class ViewQuality:
    rows: int
    age_seconds: float
    missing: dict[str, float]  # feature → share of the window's rows; empty without rows
    out_of_range: dict[str, float]  # feature with a range → share of its values


class ViewMonitor:
    def __init__(self, workspace: Workspace, metrics: MonitorMetrics) -> None:
        self._workspace, self._metrics = workspace, metrics
        self._views = workspace.monitored_views()

    def __call__(self) -> None:
        found = {view.view: measured for view in self._views if (measured := self._measure(view))}
        tell = self._metrics.replace
        tell("mlops_view_rows", [((view,), each.rows) for view, each in found.items()])
        tell("mlops_view_age_seconds", [((view,), each.age_seconds) for view, each in found.items()])
        for name, shares in (
            ("mlops_feature_missing_ratio", "missing"),
            ("mlops_feature_out_of_range_ratio", "out_of_range"),
        ):
            tell(
                name,
                [
                    ((view, feature), share)
                    for view, each in found.items()
                    for feature, share in getattr(each, shares).items()
                ],
            )

    def _measure(self, view: contracts.MonitoredView) -> ViewQuality | None:
        with postgres.failures(self._workspace), postgres.connect(self._workspace) as connection:
            return measure(connection, view, self._workspace.now())


def measure(
    connection: postgres.Connection, view: contracts.MonitoredView, now: datetime
) -> ViewQuality | None:
    """The quality of the window that ends with the newest row, or None without a row up to `now`."""
    if not postgres.exists(connection, view.table):
        return None
    time, name = sql.Identifier(view.timestamp), sql.Identifier(view.table)
    newest = connection.execute(
        sql.SQL("SELECT max({time}) FROM {table} WHERE {time} <= %s").format(time=time, table=name), [now]
    ).fetchone()
    if newest is None or newest[0] is None:
        return None
    parts = [sql.SQL("count(*)"), *(part for feature in view.features for part in _parts(feature))]
    query = sql.SQL("SELECT {} FROM {} WHERE {time} > %s AND {time} <= %s").format(
        sql.SQL(", ").join(parts), name, time=time
    )
    start = now - timedelta(seconds=view.window_seconds)
    row = connection.execute(query, [start, now]).fetchone()
    assert row is not None  # an aggregate always returns a row
    rows, counts = row[0], row[1:]
    missing: dict[str, float] = {}
    out_of_range: dict[str, float] = {}
    for feature, present, outside in zip(view.features, counts[::2], counts[1::2], strict=True):
        if rows:
            missing[feature.name] = 1 - present / rows
        if present and _has_range(feature):
            out_of_range[feature.name] = outside / present
    return ViewQuality(rows, (now - newest[0]).total_seconds(), missing, out_of_range)


def _parts(feature: MonitoredFeature) -> list[sql.Composable]:
    """SQL for the number of values (NaN is missing), and of those outside the stated range."""
    column = sql.Identifier(feature.name)
    present: sql.Composable = sql.SQL("{} IS NOT NULL").format(column)
    if feature.type in ("float32", "float64"):
        present = sql.SQL("({0} IS NOT NULL AND {0} <> 'NaN')").format(column)
    outside = [
        sql.SQL("{} {} {}").format(column, sql.SQL(sign), sql.Literal(limit))
        for sign, limit in (("<", feature.min), (">", feature.max))
        if limit is not None and feature.type in _ORDERED
    ]
    either = sql.SQL("({})").format(sql.SQL(" OR ").join(outside)) if outside else sql.SQL("false")
    return [
        sql.SQL("count(*) FILTER (WHERE {})").format(present),
        sql.SQL("count(*) FILTER (WHERE {} AND {})").format(present, either),
    ]


def _has_range(feature: MonitoredFeature) -> bool:
    return feature.type in _ORDERED and (feature.min is not None or feature.max is not None)

"""What rows to train on or to score lack: the share of each input, and why one is wholly missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.tables import warehouse
from mlops_runtime.training import inputs

METRIC = "missing_"  # prefix of an input's share in MLflow
_SHOWN = 10
_CHANCE = 1e-3  # what happens by chance less often than this has a cause


@dataclass(frozen=True)
class Asked:
    """The rows of `table` whose inputs `found` holds."""

    table: str
    rows: pd.DataFrame
    found: pd.DataFrame


def shares(found: pd.DataFrame) -> dict[str, float]:
    """Input → the share of rows that lack it, from 0 to 1; 0 without rows."""
    return {str(name): float(found[name].isna().mean()) if len(found) else 0.0 for name in found}


def as_metrics(by_input: Mapping[str, float]) -> dict[str, float]:
    return {METRIC + name: share for name, share in by_input.items()}


def of_metrics(metrics: Mapping[str, float]) -> dict[str, float]:
    return {name.removeprefix(METRIC): share for name, share in metrics.items() if name.startswith(METRIC)}


def notable(by_input: Mapping[str, float]) -> dict[str, float]:
    """The ten inputs that are missing most, for evidence; those that are always there are left out."""
    most = sorted(by_input.items(), key=lambda each: (-each[1], each[0]))[:_SHOWN]
    return {name: round(share, 4) for name, share in most if share > 0}


def require_some(
    workspace: Workspace, model: contracts.Model, asked: Asked, digests: Mapping[str, str]
) -> None:
    """Raises `PlatformError` if an input is missing in all labelled rows, whatever the policy says."""
    empty = _empty(model, asked.found)
    if empty:
        names, cause = _said(workspace, model, asked, empty, digests)
        raise PlatformError(
            f"{model.spec.file}: all {len(asked.found):,} labelled rows lack {names}, so nothing can be "
            f"learned from it: {cause}."
        )


def require_known(
    workspace: Workspace,
    model: contracts.Model,
    asked: Asked,
    digests: Mapping[str, str],
    learned: Mapping[str, float],
    version: str,
) -> None:
    """Raises `PlatformError` if all rows to be scored lack an input, and the version has not learned that.

    `learned` holds the version's inputs, each with the share of its training rows that lacked it: an input
    that half of them lacked is missing in three rows by chance, and not in fifty.
    """
    rows = len(asked.found)
    empty = [
        name
        for name in _empty(model, asked.found)
        if name in learned and (model.missing_features == "reject" or learned[name] ** rows < _CHANCE)
    ]
    if empty:
        names, cause = _said(workspace, model, asked, empty, digests)
        raise PlatformError(
            f"All {rows:,} rows of '{asked.table}' lack {names}; of those that version {version} of "
            f"'{model.model}' was trained on, {learned[empty[0]]:.0%} did. Nothing is scored: {cause}."
        )


def _empty(model: contracts.Model, found: pd.DataFrame) -> list[str]:
    """Inputs that all rows lack, features first: theirs is the cause that can be found."""
    if not len(found):
        return []
    features = {feature.input for feature in model.features}
    empty = [field.name for field in model.inputs if found[field.name].isna().all()]
    return sorted(empty, key=lambda name: name not in features)


def _said(
    workspace: Workspace,
    model: contracts.Model,
    asked: Asked,
    empty: list[str],
    digests: Mapping[str, str],
) -> tuple[str, str]:
    """Which inputs are missing, and why the first one is."""
    features = {feature.input: feature for feature in model.features}
    name, more = empty[0], len(empty) - 1
    others = f" and {more} more input{'s' if more > 1 else ''}" if more else ""
    cause = (
        _cause(workspace, model, asked, features[name], digests)
        if name in features
        else f"the column '{name}' of '{asked.table}' has no value"
    )
    return name + others, cause


def _cause(
    workspace: Workspace,
    model: contracts.Model,
    of: Asked,
    feature: contracts.ModelFeature,
    digests: Mapping[str, str],
) -> str:
    from mlops_runtime.features import store  # importing Feast takes seconds

    view = store.view(store.open_store(workspace), feature.view)
    source, keys = view.batch_source, list(view.join_keys)
    event, created = source.timestamp_field, source.created_timestamp_column
    columns = list(dict.fromkeys([*keys, event, *([created] if created else []), feature.feature]))
    table = warehouse.read(workspace, feature.table, digests[feature.table], columns)
    if table[feature.feature].isna().all():
        return f"no row of the table '{feature.table}' has a value of '{feature.feature}'"
    asked = of.rows[keys].assign(_at=inputs.prediction_times(model, of.rows)).dropna()
    if asked.empty:
        return f"no row of '{of.table}' has a value of {', '.join(keys)}"
    met = asked.merge(table, on=keys) if _comparable(asked, table, keys) else asked.head(0)
    if met.empty:
        example, other = (_shown(each[keys].iloc[0]) for each in (asked, table))
        return (
            f"none of the keys ({', '.join(keys)}) of '{of.table}' is in the table "
            f"'{feature.table}'; for example {example}, where the table has {other}"
        )
    met = met[met[event] <= met["_at"]]
    if met.empty:
        return (
            f"the rows of '{feature.table}' begin at {table[event].min()}, after all predictions, the "
            f"last of which is made at {asked['_at'].max()}"
        )
    if view.ttl:
        met = met[met[event] >= met["_at"] - view.ttl]
        if met.empty:
            return (
                f"at every prediction the row of '{feature.table}' is older than the view's ttl of {view.ttl}"
            )
    if created and (met[created] > met["_at"]).all():
        return f"the rows of '{feature.table}' were recorded ('{created}') only after the predictions"
    return f"the rows of '{feature.table}' that are due have no value of '{feature.feature}'"


def _comparable(asked: pd.DataFrame, table: pd.DataFrame, keys: list[str]) -> bool:
    numeric = pd.api.types.is_numeric_dtype
    return all(numeric(asked[key]) == numeric(table[key]) for key in keys)


def _shown(key: pd.Series) -> str:
    return ", ".join(repr(value) for value in key.tolist())

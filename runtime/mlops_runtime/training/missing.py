"""What a training set lacks: the share of each input, and why one is wholly missing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.tables import warehouse
from mlops_runtime.training import inputs

METRIC = "missing_"  # prefix of an input's share in MLflow
_SHOWN = 10


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
    workspace: Workspace,
    model: contracts.Model,
    rows: pd.DataFrame,
    found: pd.DataFrame,
    digests: Mapping[str, str],
) -> None:
    """Raises `PlatformError` if an input is missing in all rows: the model would learn nothing from it.

    `found` holds the inputs of `rows`. The policy for missing features does not matter here.
    """
    if not len(found):
        return
    empty = [field.name for field in model.inputs if found[field.name].isna().all()]
    if not empty:
        return
    features = {feature.input: feature for feature in model.features}
    name = next((each for each in empty if each in features), empty[0])
    others = f", and so do {len(empty) - 1} more inputs" if len(empty) > 1 else ""
    cause = (
        _cause(workspace, model, rows, features[name], digests)
        if name in features
        else f"the column '{name}' of '{model.label.table}' has no value"
    )
    raise PlatformError(
        f"{model.spec.file}: all {len(found):,} labelled rows lack {name}{others}, so nothing can be "
        f"learned from it: {cause}."
    )


def _cause(
    workspace: Workspace,
    model: contracts.Model,
    rows: pd.DataFrame,
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
    asked = rows[keys].assign(_at=inputs.prediction_times(model, rows)).dropna()
    if asked.empty:
        return f"no labelled row has a value of {', '.join(keys)}"
    met = asked.merge(table, on=keys) if _comparable(asked, table, keys) else asked.head(0)
    if met.empty:
        example, other = (_shown(each[keys].iloc[0]) for each in (asked, table))
        return (
            f"none of the keys ({', '.join(keys)}) of '{model.label.table}' is in the table "
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

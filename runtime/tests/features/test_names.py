"""The compiler's reserved names, held against Feast: what it allows works, what it refuses does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from trips import odd_names
from trips.odd_names import START, View

from mlops_runtime import features
from mlops_runtime.environment import Workspace
from mlops_runtime.live import sides
from mlops_runtime.tables import warehouse

AT_ONCE = 15
NOON = START + pd.Timedelta(hours=12)


def joined_and_online(workspace: Workspace, views: list[View]) -> list[str]:
    """What is wrong with the values that training and serving get; empty if nothing is."""
    sides.bring(workspace, "feast")
    for view in views:
        warehouse.publish(workspace, view.name, odd_names.rows_of(view), "test")
    digests = {view.name: warehouse.current(workspace, view.name).digest for view in views}
    wrong = []
    for view, found in zip(views, joined(workspace, views, digests), strict=True):
        for at, feature in enumerate(view.features):
            values = found[f"{view.name}__{feature}"].to_numpy(dtype="float64")
            if not np.array_equal(values, [3.0 + at, 2.0 + at, np.nan], equal_nan=True):
                wrong.append(f"{view}: {feature} is {values} in the join")
    features.materialize(workspace, [view.name for view in views])
    store = features.open_store(workspace)
    for view in views:
        asked = [dict.fromkeys(view.keys, name) for name in ("a", "b")]
        answer = store.get_online_features(references(view), asked, full_feature_names=True)
        online = answer.to_dict(include_event_timestamps=True)
        for at, feature in enumerate(view.features):
            if online[f"{view.name}__{feature}"] != [4.0 + at, 2.0 + at]:
                wrong.append(f"{view}: {feature} is {online[f'{view.name}__{feature}']} online")
    return wrong


def joined(workspace: Workspace, views: list[View], digests: dict[str, str]) -> Iterator[pd.DataFrame]:
    """Per view a frame that has its features; many views in one join, as a model's are."""
    for start in range(0, len(views), AT_ONCE):
        some = views[start : start + AT_ONCE]
        keys = {key: ["a", "b", "nobody"] for view in some for key in view.keys}
        rows = pd.DataFrame({"event_timestamp": [NOON] * 3} | keys)
        found = features.historical(
            workspace, [ref for view in some for ref in references(view)], rows, digests
        )
        yield from [found] * len(some)


def references(view: View) -> list[str]:
    return [f"{view.name}:{feature}" for feature in view.features]


def test_every_odd_name_that_the_compiler_allows_works(tmp_path: Path) -> None:
    views = odd_names.views()
    assert joined_and_online(odd_names.build(tmp_path, views), views) == []
    print(f"figure: {len(odd_names.ODD)} odd names tried on Feast as keys, times and features")


PLAIN = View("view_0", ("shop",), "observed_at", "ingested_at", ("orders", "mean_wait"))
REFUSED = [
    *(
        replace(PLAIN, keys=(name,))
        for name in ("event_timestamp", "entity_row_id", "event_expire_timestamp")
    ),
    *(
        replace(PLAIN, timestamp=name)
        for name in ("entity_row_id", "event_expire_timestamp", "self", "stay_y")
    ),
    *(replace(PLAIN, created=name) for name in ("entity_row_id", "event_expire_timestamp", "self", "stay_y")),
    *(replace(PLAIN, features=("orders", name)) for name in ("stay_y", "y", "orders__ts")),
]


@pytest.mark.parametrize("view", REFUSED, ids=str)
def test_a_name_that_the_compiler_refuses_does_not_work(view: View, tmp_path: Path) -> None:
    workspace = odd_names.build(tmp_path, [view])
    try:
        assert joined_and_online(workspace, [view]) != []
    except Exception:  # Feast fails in as many ways as there are names
        return

"""Each type, with missing and extreme values, from a step's frame to the model: the same in every store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from values import every_type
from values.every_type import KEY, SEEN, TYPES, VIEW, feature, plain, seen

from mlops_runtime import features
from mlops_runtime.live import sides
from mlops_runtime.serving.online import open_features
from mlops_runtime.tables import warehouse

SEED = 20261126


@pytest.mark.parametrize("dtypes", ["objects", "pandas", "arrow"])
def test_a_value_reaches_table_training_and_serving_as_the_step_gave_it(tmp_path: Path, dtypes: str) -> None:
    workspace = every_type.build(tmp_path)
    made = every_type.rows(SEED, 120)
    snapshot = warehouse.publish(workspace, VIEW, every_type.frame(made, dtypes), "trips.samples")
    sides.bring(workspace, "feast")
    features.materialize(workspace, [VIEW])

    stored = warehouse.read(workspace, VIEW).set_index(KEY)
    refs = [f"{VIEW}:{feature(kind)}" for kind in TYPES]
    joined = features.historical(workspace, refs, every_type.asked(made), {VIEW: snapshot.digest})
    online = open_features(workspace, every_type.serving(), lambda *_: None)
    looked_up = online.look_up([{KEY: row[KEY]} for row in made], SEEN.timestamp())

    wrong: list[Any] = []
    for at, row in enumerate(made):
        for kind in TYPES:
            name, given = feature(kind), row[feature(kind)]
            found = [
                ("table", plain(kind, given), stored.loc[row[KEY], name]),
                ("training", seen(kind, given), joined[f"{VIEW}__{name}"].iloc[at]),
                ("serving", seen(kind, given), looked_up[f"{VIEW}__{name}"][at]),
            ]
            wrong += [each for each in found if plain(kind, each[2]) != each[1]]
    assert not wrong, wrong[:20]
    without_key = joined.iloc[len(made)]
    assert without_key.drop([KEY, "event_timestamp"]).isna().all()

from __future__ import annotations

import copy
import json

import pandas as pd
import pytest
from trips import trip_delay

from mlops_runtime import contracts
from mlops_runtime.errors import PlatformError
from mlops_runtime.training.inputs import unusable
from mlops_runtime.training.split import is_old, require_enough, split

HOURS = pd.Series(pd.date_range("2026-01-01", periods=24 * 20, freq="h", tz="UTC"))


def model(**train: object) -> contracts.Model:
    stated = copy.deepcopy(trip_delay.model())
    stated["train"] |= train
    return contracts.Model.model_validate_json(json.dumps(stated))


def test_nothing_whose_outcome_came_after_the_first_holdout_prediction_is_trained_on() -> None:
    sides = split(model(holdout_seconds=86400), HOURS)  # the horizon is two hours
    holdout = HOURS[sides == "holdout"]
    assert holdout.min() == HOURS.max() - pd.Timedelta("1d")
    assert HOURS[sides == "train"].max() < holdout.min() - pd.Timedelta("2h")
    assert len(HOURS[sides == "gap"]) == 2


def test_a_window_limits_how_far_back_training_rows_reach() -> None:
    sides = split(model(holdout_seconds=86400, window_seconds=5 * 86400), HOURS)
    assert HOURS[sides == "train"].min() == HOURS[sides == "holdout"].min() - pd.Timedelta("5d")


def test_rows_before_the_window_are_known_without_their_features() -> None:
    stated = model(holdout_seconds=86400, window_seconds=5 * 86400)
    labelled = HOURS.max() - pd.Timedelta("1h") > HOURS  # the newest two are not labelled yet
    old = is_old(stated, HOURS, labelled)
    sides = split(stated, HOURS[labelled])
    assert (sides[old[labelled]] == "old").all() and old.sum() == (sides == "old").sum() > 0
    assert not is_old(model(), HOURS, labelled).any() and not is_old(stated, HOURS, HOURS.isna()).any()


def test_too_few_rows_on_a_side_is_one_sentence_that_says_what_to_do() -> None:
    stated = model(holdout_seconds=18 * 86400)
    with pytest.raises(PlatformError, match=r"45 labelled rows .* train side, and 100 are needed: shorten"):
        require_enough(stated, split(stated, HOURS), pd.Series(0.0, index=HOURS.index))


def test_too_few_rows_name_the_inputs_whose_absence_left_rows_out() -> None:
    frame = pd.DataFrame({field.name: 1.0 for field in model().inputs}, index=range(50))
    frame.loc[:9, "distance"] = float("nan")
    left_out = unusable(model(), frame)
    assert left_out == "10 of 50 labelled rows were left out because inputs are missing (distance in 10)"
    with pytest.raises(PlatformError, match=r"bring more data\. 10 of 50 labelled rows were left out .*\.$"):
        require_enough(model(), pd.Series("train", index=range(40)), pd.Series(0.0), left_out)

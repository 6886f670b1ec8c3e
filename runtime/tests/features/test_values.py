"""Each type, with missing and extreme values, from a step's frame to the model, in embedded stores."""

from __future__ import annotations

from pathlib import Path

import pytest
from values import every_type

from mlops_runtime.serving.online import open_features


@pytest.mark.parametrize("dtypes", every_type.DTYPES)
def test_a_value_reaches_table_training_and_serving_as_the_step_gave_it(tmp_path: Path, dtypes: str) -> None:
    workspace = every_type.build(tmp_path)
    every_type.require_equal_everywhere(
        workspace, dtypes, lambda: open_features(workspace, every_type.serving(), lambda *_: None)
    )

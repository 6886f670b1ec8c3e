from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mlops_runtime import clock
from mlops_runtime.errors import PlatformError


def test_the_file_of_the_environment_sets_the_present_and_the_variable_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / "now").write_text("2026-01-31T06:00:00\n")
    assert clock.now(tmp_path, {}) == datetime(2026, 1, 31, 6, tzinfo=UTC)
    assert clock.now(tmp_path, {"MLOPS_NOW": "2026-02-01T01:00:00+01:00"}) == datetime(2026, 2, 1, tzinfo=UTC)


def test_without_either_it_is_the_clock(tmp_path: Path) -> None:
    before = datetime.now(UTC)
    assert before <= clock.now(tmp_path, {}) <= datetime.now(UTC)


def test_what_is_no_time_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "now").write_text("soon")
    with pytest.raises(PlatformError, match=r"now is 'soon', which is not an ISO 8601 time"):
        clock.now(tmp_path, {})

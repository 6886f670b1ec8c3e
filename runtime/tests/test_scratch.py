"""Temporary folders: one of our own, and none left of those who were killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from mlops_runtime.machine import scratch


def test_a_folder_of_a_process_that_was_killed_goes_and_one_that_is_in_use_stays(tmp_path: Path) -> None:
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        with scratch.folder(tmp_path, "historical") as made:
            (made / "rows").write_text("x")
            os.write(told, b"x")
            signal.pause()
    os.read(ready, 1)
    [left] = tmp_path.iterdir()
    with scratch.folder(tmp_path, "historical"):
        assert left.exists()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with scratch.folder(tmp_path, "historical") as made:
        assert list(tmp_path.iterdir()) == [made]
    assert list(tmp_path.iterdir()) == []

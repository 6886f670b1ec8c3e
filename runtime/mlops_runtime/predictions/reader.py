"""The prediction log as a frame: the lines of the online API (JSON) and the files of scoring (Parquet).

Columns: `_at`, `_label_timestamp` (UTC, or NaT), `_model_version`, `_missing` (a list of features, None in
lines of before), `_prediction`; keys and inputs by name.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.predictions.columns import AT, LABEL_TIMESTAMP, MISSING, PREDICTION, VERSION
from mlops_runtime.predictions.folder import folder_of

# A busy API writes millions per day; a distribution needs far fewer.
MOST_ROWS_A_FILE = 50_000
MOST_BYTES_AT_ONCE = 64 * 1024 * 1024


@dataclass
class _File:
    offset: int = 0
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)


class PredictionReader:
    """Keeps the rows it has read, and reads only what was appended since."""

    def __init__(self, workspace: Workspace, contract: contracts.MonitoredModel) -> None:
        self._folder = folder_of(workspace, contract.model)
        self._contract = contract
        self._files: dict[Path, _File] = {}

    def since(self, start: datetime, end: datetime) -> pd.DataFrame:
        """Predictions made in (start, end]; with equal keys and label timestamp, only the last written."""
        paths = self._paths(start - timedelta(days=1))
        self._files = {path: self._files.get(path, _File()) for path in paths}
        for path, known in self._files.items():
            self._read(path, known)
        frames = [known.rows for known in self._files.values() if len(known.rows)]
        if not frames:
            return pd.DataFrame(columns=[AT, LABEL_TIMESTAMP, VERSION, MISSING, PREDICTION])
        rows = pd.concat(frames, ignore_index=True)
        rows = rows[(rows[AT] > start) & (rows[AT] <= end)]
        return _latest(rows, list(self._contract.keys))

    def _paths(self, oldest: datetime) -> list[Path]:
        """In the order in which they were written."""
        if not self._folder.is_dir():
            return []
        first = oldest.date().isoformat()
        found = [path for path in self._folder.iterdir() if path.name[:10] >= first]
        return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))

    def _read(self, path: Path, known: _File) -> None:
        if path.suffix == ".parquet":
            if known.offset == 0:
                known.rows, known.offset = pd.read_parquet(path), path.stat().st_size
            return
        size = path.stat().st_size
        if size == known.offset:
            return
        with path.open("rb") as file:
            start = max(known.offset, size - MOST_BYTES_AT_ONCE)
            file.seek(start)
            text = file.read(size - start)
        end = text.rfind(b"\n") + 1  # the last line may be incomplete
        begin = text.find(b"\n") + 1 if start > known.offset else 0
        known.offset = start + end
        parsed = _frame([json.loads(line) for line in text[begin:end].splitlines() if line])
        rows = pd.concat([known.rows, parsed], ignore_index=True) if len(known.rows) else parsed
        known.rows = rows if len(rows) <= MOST_ROWS_A_FILE else rows.sample(MOST_ROWS_A_FILE, random_state=0)


def _frame(lines: Sequence[dict[str, Any]]) -> pd.DataFrame:
    rows = pd.DataFrame([{**line["keys"], **line["request"], **line["inputs"]} for line in lines])
    rows[AT] = pd.to_datetime([line["at"] for line in lines], utc=True, format="ISO8601")
    given = [line["label_timestamp"] for line in lines]
    rows[LABEL_TIMESTAMP] = pd.to_datetime(pd.Series(given, dtype="object"), utc=True, format="ISO8601")
    rows[VERSION] = [line["model_version"] for line in lines]
    rows[MISSING] = pd.Series([line.get("missing") for line in lines], dtype="object")
    rows[PREDICTION] = [line["prediction"] for line in lines]
    return rows


def _latest(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Scoring a batch again logs the same rows again; the last ones count."""
    known = rows[LABEL_TIMESTAMP].notna()
    again = rows[known].duplicated([*keys, LABEL_TIMESTAMP], keep="last")
    return rows.drop(index=again[again].index).reset_index(drop=True)

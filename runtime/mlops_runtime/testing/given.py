"""What a step that is tried reads: the tables that are there, made-up rows, or files."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import csv, parquet

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError, Skipped
from mlops_runtime.tables import frames, warehouse
from mlops_runtime.tables.columns import ARROW_TYPES
from mlops_runtime.testing.samples import sample


@dataclass(frozen=True)
class Given:
    """`rows` made-up rows of each table, or None for the table as it is; a file goes before both."""

    rows: int | None = None
    files: dict[str, Path] = field(default_factory=dict)

    def frames(self, workspace: Workspace, tables: Iterable[str]) -> dict[str, pd.DataFrame]:
        """The frame of each table. Raises `PlatformError` for a file of a table that is not among them."""
        names = list(tables)
        for table in self.files:
            if table not in names:
                near = difflib.get_close_matches(table, names, n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"it reads {', '.join(names) or 'none'}."
                raise PlatformError(f"The step reads no table '{table}'; {hint}")
        return {table: self._frame(workspace, table) for table in names}

    def _frame(self, workspace: Workspace, table: str) -> pd.DataFrame:
        if table in self.files:
            return _read(self.files[table], workspace.table(table))
        if self.rows is not None:
            return sample(workspace.table(table), self.rows, workspace.now())
        try:
            return warehouse.read(workspace, table)
        except Skipped as skipped:
            raise PlatformError(
                f"{skipped} `--rows 100` tries the step on made-up rows, `--input {table}=FILE` on a file's."
            ) from None


def _read(path: Path, contract: contracts.Table) -> pd.DataFrame:
    try:
        found = _csv(path, contract) if path.suffix == ".csv" else parquet.read_table(path)
        frame = frames.to_pandas(found)
        for column in contract.columns:
            if column.type == "timestamp" and column.name in frame:
                frame[column.name] = pd.to_datetime(frame[column.name], utc=True, format="ISO8601")
    except (OSError, pa.ArrowException, ValueError) as error:
        reason = str(error).splitlines()[0].removesuffix(".")
        raise PlatformError(f"{path} cannot be read as the table '{contract.table}': {reason}.") from None
    return frame


def _csv(path: Path, contract: contracts.Table) -> pa.Table:
    """Columns in the types of the contract; times as text, since they may state an offset or none."""
    text = pa.string()
    types = {
        column.name: text if column.type == "timestamp" else ARROW_TYPES[column.type]
        for column in contract.columns
    }
    return csv.read_csv(
        path, convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=True)
    )

"""Tables of a workspace as frames, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping

import pandas as pd

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import Skipped
from mlops_runtime.tables import warehouse
from mlops_runtime.testing.samples import sample


class Tables(MutableMapping[str, pd.DataFrame]):
    """`tables[name] = frame` publishes as a step does, with its checks; `tables[name]` reads that."""

    def __init__(self, open_workspace: Callable[[], Workspace]) -> None:
        self._open = open_workspace
        self._published: list[str] = []

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Raises `KeyError` for a table that was not published, `PlatformError` for an unknown one."""
        try:
            return warehouse.read(self._open(), table)
        except Skipped:
            raise KeyError(f"the table '{table}' was not published in this test") from None

    def __setitem__(self, table: str, frame: pd.DataFrame) -> None:
        warehouse.publish_all(self._open(), {table: frame}, "test")
        if table not in self._published:
            self._published.append(table)

    def __delitem__(self, table: str) -> None:
        raise TypeError("a published table is not taken back; each test begins with none")

    def __iter__(self) -> Iterator[str]:
        return iter(self._published)

    def __len__(self) -> int:
        return len(self._published)

    def contract(self, table: str) -> contracts.Table:
        """The columns that the specs state, and who needs them."""
        return self._open().table(table)

    def sample(self, table: str, rows: int = 100) -> pd.DataFrame:
        """Made-up rows of the table, the same at each call; the newest lies at the test's present."""
        workspace = self._open()
        return sample(workspace.table(table), rows, workspace.now())

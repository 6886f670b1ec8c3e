"""A monitor that is made again where one of the contracts that it was made of came, changed or went.

So a checkout that is brought to another commit needs no restart: in containers, a pull is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Seen = dict[str, tuple[int, int, int]]


class Rereading:
    """`make` reads the contracts of `folder`, and gives what measures by them."""

    def __init__(self, folder: Path, make: Callable[[], Callable[[], None]]) -> None:
        self._folder, self._make = folder, make
        self._made: tuple[Seen, Callable[[], None]] | None = None

    def __call__(self) -> None:
        # Before they are read: one that changes meanwhile is read again next time.
        seen = _seen(self._folder)
        if self._made is None or self._made[0] != seen:
            self._made = seen, self._make()
        self._made[1]()


def _seen(folder: Path) -> Seen:
    found = ((path.name, path.stat()) for path in folder.glob("*.json"))
    return {name: (stat.st_mtime_ns, stat.st_size, stat.st_ino) for name, stat in found}

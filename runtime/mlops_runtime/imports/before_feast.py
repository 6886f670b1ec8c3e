"""Halves the time that importing Feast takes (from 9 s to 4 s on two cores).

Feast decorates its classes with typeguard's `typechecked`, which reads, rewrites and compiles the source of
every method at import. mypy already checks the types that this package passes to Feast.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typeguard

from mlops_runtime.imports import before_prometheus  # noqa: F401 - before Feast


def _as_it_is(target: Any = None, **_options: object) -> Any | Callable[[Any], Any]:
    """Replaces the decorator, which is used with and without arguments."""
    return (lambda decorated: decorated) if target is None else target


vars(typeguard)["typechecked"] = _as_it_is

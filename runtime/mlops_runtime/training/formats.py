"""Which models are stored without code.

A skops file names the types that it is made of, and its reader constructs only those that it trusts. The
list is ours, and never that of the file: what a model says of itself is no reason to trust it.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import skops.io
from mlflow.models import Model

from mlops_runtime.errors import PlatformError

SKOPS = "skops"
# Whose own types are restored from plain values; a model of another library is a pickle.
_PACKAGES = ("sklearn.", "lightgbm.", "xgboost.", "catboost.")
# What reads files and the network when it is called.
_NEVER = ("sklearn.datasets.",)
_TYPES = frozenset({"numpy.dtype", "collections.OrderedDict"})


def listed_types(fitted: Any) -> list[str]:
    """The types in a model that skops does not trust by itself, sorted; its own if skops cannot hold it."""
    try:
        return sorted(skops.io.get_untrusted_types(data=skops.io.dumps(fitted)))
    except Exception:  # unknown types may raise anything
        return [f"{type(fitted).__module__}.{type(fitted).__qualname__} (unknown to skops)"]


def foreign(listed: Sequence[str]) -> list[str]:
    """Those that cannot be stored without code."""
    return [name for name in listed if not is_ours(name)]


def load(folder: Path, logged: Model, what: str) -> Any:
    """The estimator in a logged model's files, which have a seal.

    A pickle is loaded too: training stores one only where the spec allows it. Raises `PlatformError` where a
    skops file holds other types than ours.
    """
    import mlflow.sklearn

    flavor = logged.flavors.get("sklearn", {})
    if flavor.get("serialization_format") != SKOPS:
        return mlflow.sklearn.load_model(str(folder))
    path = folder / flavor["pickled_model"]
    found = skops.io.get_untrusted_types(file=path)
    unknown = ", ".join(foreign(sorted(found)))
    if unknown:
        raise PlatformError(f"The files of {what} hold types that are not loaded: {unknown}.")
    return skops.io.load(path, trusted=found)


def require_without_code(folder: Path, what: str) -> None:
    """Raises `PlatformError` unless the files hold a model that is stored without code."""
    flavor = Model.load(str(folder)).flavors.get("sklearn", {})
    if flavor.get("serialization_format") != SKOPS:
        raise PlatformError(
            f"{what} is no skops file of known types, but may run code when it is loaded. If it "
            "shall serve nevertheless, say `pickle: true` below `train` in its model.yaml."
        )


def is_ours(name: str) -> bool:
    """What these packages define, in compiled code too, such as the nodes of HistGradientBoosting's trees,
    and not what their modules import from elsewhere, which could be had under their names as well."""
    if name in _TYPES:
        return True
    if not name.startswith(_PACKAGES) or name.startswith(_NEVER):
        return False
    module, _, attribute = name.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError):
        return False
    return str(getattr(found, "__module__", "")).startswith(_PACKAGES)

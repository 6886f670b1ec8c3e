"""Airflow's view of the releases: each is a version of the DAGs, and a run keeps the one that it began on.

Airflow's own `LocalDagBundle` has no versions. Here a version is the id of a release, which lies there
already: nothing is copied. Airflow records the version of a run when it makes it, and opens that version
for each task, also at a retry and when the task is cleared.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from airflow.dag_processing.bundles.base import BaseDagBundle, BundleVersion

from mlops_runtime.errors import PlatformError

_DAGS = Path("generated", "common", "airflow", "dags")


class ReleaseBundle(BaseDagBundle):
    """The DAGs of one release, or of the current one; of a checkout where nothing was released."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        state = Path(os.environ["MLOPS_STATE"])
        self._releases = state / "releases"
        # What is parsed changes with the version that is recorded of it: both when Airflow refreshes, and not
        # when the release is switched.
        self._parsed = state / "airflow" / "current"
        self._current = _target(self._parsed)
        # Airflow looks through what has versions only where the version has changed: of a checkout, which has
        # none, it would never see what is new.
        self.supports_versioning = self.version is not None or _target(self._releases / "current") is not None

    def initialize(self) -> None:
        if self.version is None and self._current is None:
            self._follow()
        _enter(self._root())
        super().initialize()

    def refresh(self) -> None:
        self._follow()
        _enter(self._root())

    def get_current_version(self) -> BundleVersion | None:
        """The id of the release; None in a checkout."""
        return BundleVersion(version=self._current) if self._current else None

    @property
    def path(self) -> Path:
        return (self._root() if self.version else self._parsed if self._current else _checkout()) / _DAGS

    def _root(self) -> Path:
        """Raises `PlatformError` where a run's release is gone."""
        wanted = self.version or self._current
        if wanted is None:
            return _checkout()
        root = self._releases / wanted
        if not root.is_dir():
            raise PlatformError(
                f"The release {wanted}, on which this run began, is no longer kept. "
                "A new run of the pipeline runs on the current one."
            )
        return root

    def _follow(self) -> None:
        """From here on the current release is parsed."""
        current = _target(self._releases / "current")
        if current is not None and _target(self._parsed) != current:
            beside = self._parsed.with_name(f"{self._parsed.name}.{os.getpid()}")
            beside.unlink(missing_ok=True)
            beside.symlink_to(Path("..", "releases", current))
            beside.replace(self._parsed)
        self._current = current
        self.supports_versioning = current is not None


def _target(link: Path) -> str | None:
    """The release to which the link leads."""
    try:
        return link.readlink().name if link.is_dir() else None
    except OSError:
        return None


def _checkout() -> Path:
    return Path(os.environ["MLOPS_ROOT"])


def _enter(root: Path) -> None:
    """What this process starts from here on, as the commands of tasks, runs on the release."""
    os.environ["MLOPS_ROOT"] = str(root)
    runtime = root / "runtime"
    if (runtime / "mlops_runtime").is_dir():
        os.environ["PYTHONPATH"] = str(runtime)

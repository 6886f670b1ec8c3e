"""The champion that is served, which follows the registry's alias.

The alias is polled. A new version is loaded and tried beside the one in use, which it replaces in one
assignment, so that a request sees one version from beginning to end. If a version cannot be loaded or tried,
the old one stays in use.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from mlflow.exceptions import MlflowException

from mlops_runtime import contracts, tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.logs.ecs import logger
from mlops_runtime.tracking import seals
from mlops_runtime.training import predictor
from mlops_runtime.training.predictor import Predictor


@dataclass(frozen=True)
class Champion:
    version: str
    run_id: str
    predictor: Predictor
    loaded_at: datetime


class ChampionWatch:
    def __init__(self, workspace: Workspace, contract: contracts.Serving) -> None:
        self._workspace = workspace
        self._contract = contract
        # A version on trial has its own alias.
        self._alias = os.environ.get("MLOPS_SERVING_ALIAS") or workspace.alias(contract.model)
        self.current: Champion | None = None
        self.problem: str | None = "the champion is not loaded yet"  # why `current` is None or outdated
        self.is_awaited = False  # nothing has the alias: a training's to change

    def refresh(self) -> None:
        """Looks the alias up, and swaps the version if it moved. Never raises: see `problem`."""
        try:
            self._swap()
            problem = None
        except (PlatformError, MlflowException) as error:
            problem = str(error).splitlines()[0]
        except Exception as error:  # a model is foreign code and must not end the watch
            logger.exception("a new champion failed")
            problem = f"{type(error).__name__}: {error}"
        if problem != self.problem and problem is not None:
            kept = f"version {self.current.version} stays in use" if self.current else "there is none in use"
            logger.error("no new champion, %s: %s", kept, problem)
        self.problem = problem

    def _swap(self) -> None:
        name, alias = self._contract.registered_model, self._alias
        self.is_awaited = False
        found = tracking.aliased(tracking.connect(self._workspace), name, alias)
        self.is_awaited = found is None
        if found is None:
            raise PlatformError(f"no version of '{name}' has the alias '{alias}' yet")
        version = str(found.version)
        if self.current is not None and self.current.version == version:
            return
        try:
            self._use(name, found)
        except seals.Unsealed:
            if self.current is None:
                self._use_last_registered(name, version)
            raise

    def _use(self, name: str, found: Any) -> None:
        version = str(found.version)
        loaded = predictor.load_version(self._workspace, name, version)
        self._try_out(version, loaded)
        self.current = Champion(version, found.run_id, loaded, datetime.now(UTC))
        logger.info("version %s of '%s' is in use", version, name)

    def _use_last_registered(self, name: str, refused: str) -> None:
        """An alias that somebody has moved takes down no API that starts anew."""
        last = seals.champion(self._workspace, name) if self._is_champions() else None
        if last is not None and last != refused:
            self._use(name, tracking.connect(self._workspace).get_model_version(name, last))

    def _is_champions(self) -> bool:
        """False where it serves a version on trial."""
        return self._alias == self._workspace.alias(self._contract.model)

    def _try_out(self, version: str, loaded: Predictor) -> None:
        given = [field.name for field in self._contract.inputs]
        lacking = [name for name in loaded.columns if name not in given]
        if lacking:
            raise PlatformError(
                f"version {version} needs {', '.join(lacking)}, which this API does not look up"
            )
        if loaded.example is not None and not np.isfinite(loaded.predict(loaded.example)).all():
            raise PlatformError(
                f"version {version} does not predict a finite number for its own input example"
            )

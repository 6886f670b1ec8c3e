"""One prediction: look features up, apply the policy for missing ones, ask the champion."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.serving.champion import Champion, ChampionWatch
from mlops_runtime.serving.log import logger
from mlops_runtime.serving.metrics import ServingMetrics
from mlops_runtime.serving.online import OnlineFeatures, Row, open_features
from mlops_runtime.serving.redis_features import RedisFeatures
from mlops_runtime.serving.requests import SHOWN_PROBLEMS, Problem


class NotReady(PlatformError):
    """No champion or no feature store: try again later."""


class MissingFeatures(PlatformError):
    """Instances whose features are missing, under the policy `reject`."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("Features are missing, and this model does not predict without them.")
        self.problems = problems


class PredictionService:
    def __init__(self, workspace: Workspace, model: str) -> None:
        self._workspace = workspace
        self.contract = workspace.serving(model)
        self.endpoint = workspace.endpoint(model)
        self.watch = ChampionWatch(workspace, self.contract)
        self.metrics = ServingMetrics(self.contract)
        self._features: OnlineFeatures | RedisFeatures | None = None
        self._features_problem: str | None = "the feature store is not opened yet"

    def refresh(self) -> None:
        """Called every few seconds: opens what is not open yet, and follows the alias. Never raises."""
        if self._features is None:
            self._open_features()
        self.watch.refresh()
        current = self.watch.current
        version, run_id = (current.version, current.run_id) if current else (None, None)
        self.metrics.serves(version, run_id, self.unready() is None)

    def _open_features(self) -> None:
        try:
            if self._workspace.environment.redis is not None:
                self._features = RedisFeatures(self._workspace, self.contract, self.metrics.looked_up)
            else:
                self._features = open_features(self._workspace, self.contract, self.metrics.looked_up)
            self._features_problem = None
        except Exception as error:  # whatever Feast's stores raise, it is a reason not to be ready
            if str(error) != self._features_problem:
                logger.error("the feature store cannot be opened: %s", error)
            self._features_problem = str(error)

    def unready(self) -> str | None:
        """Why no prediction can be made now, or None."""
        if self._features is None:
            return self._features_problem
        return self.watch.problem if self.watch.current is None else None

    def champion(self) -> Champion:
        """Raises `NotReady` while there is none."""
        if self.watch.current is None or self._features is None:
            raise NotReady(f"'{self.contract.model}' cannot predict yet: {self.unready()}.")
        return self.watch.current

    def predict(self, champion: Champion, instances: Sequence[Row]) -> list[float]:
        """One prediction an instance, in order. Raises `MissingFeatures`, `NotReady`, `PlatformError`."""
        predicted = champion.predictor.predict(self._inputs(instances))
        if not np.isfinite(predicted).all():
            raise PlatformError(f"Version {champion.version} predicted no finite number.")
        values = [float(value) for value in predicted]
        self.metrics.predicted(champion.version, values)
        return values

    def metadata(self) -> dict[str, Any]:
        """What is served now: version, signature, features."""
        champion = self.watch.current
        return {
            "model_name": self.contract.model,
            "description": self.contract.description,
            "model_version": champion.version if champion else None,
            "mlflow_run_id": champion.run_id if champion else None,
            "loaded_at": champion.loaded_at.isoformat() if champion else None,
            "problem": self.unready() or self.watch.problem,
            "missing_features": self.endpoint.missing_features,
            "signature": _columns(champion) if champion else None,
            "entities": [key.model_dump() for key in self.contract.entities],
            "request": [field.model_dump() for field in self.contract.request],
            "features": [feature.model_dump() for feature in self.contract.features],
        }

    def _inputs(self, instances: Sequence[Row]) -> pd.DataFrame:
        assert self._features is not None  # `champion` came first
        try:
            found = self._features.look_up(instances, time.time())
        except Exception as error:
            logger.exception("the online store cannot be read")
            raise NotReady(f"The online store cannot be read ({type(error).__name__}); try again.") from error
        for field in self.contract.request:
            found[field.name] = [instance[field.name] for instance in instances]
        self._require(found)
        return found

    def _require(self, found: pd.DataFrame) -> None:
        everything = self.endpoint.missing_features == "reject"
        required = [field.name for field in self.contract.inputs if everything or field.required]
        missing = found[required].isna()
        if not missing.to_numpy().any():
            return
        rows = missing[missing.any(axis=1)].head(SHOWN_PROBLEMS)
        raise MissingFeatures([_problem(row, self.contract) for _, row in rows.iterrows()])


def _columns(champion: Champion) -> dict[str, Any]:
    signature = champion.predictor.signature
    return {"inputs": signature.inputs.to_dict(), "outputs": signature.outputs.to_dict()}


def _problem(row: pd.Series[bool], contract: contracts.Serving) -> Problem:
    names = [str(name) for name, missing in row.items() if missing]
    keys = ", ".join(key.join_key for key in contract.entities)
    return Problem(
        field=f"instances/{row.name}",
        message=f"no fresh value of {', '.join(names)} for its {keys}",
    )

"""A prediction: looks features up, applies the policy for missing ones, and calls the champion."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace, databases
from mlops_runtime.errors import PlatformError
from mlops_runtime.logs.ecs import logger
from mlops_runtime.predictions.online import Answered, PredictionLog
from mlops_runtime.serving import drain
from mlops_runtime.serving.batching import Answer, Job
from mlops_runtime.serving.champion import Champion, ChampionWatch
from mlops_runtime.serving.metrics import ServingMetrics
from mlops_runtime.serving.online import Columns, OnlineFeatures, Row, open_features
from mlops_runtime.serving.redis_features import RedisFeatures
from mlops_runtime.serving.requests import SHOWN_PROBLEMS, Problem
from mlops_runtime.serving.trial import Trial
from mlops_runtime.training.inputs import Floats, most_missing


class NotReady(PlatformError):
    """There is no champion or no feature store yet; a later request may succeed."""


class MissingFeatures(PlatformError):
    """Some instances lack features, or more of them than the policy allows."""

    def __init__(self, problems: list[Problem], most: int) -> None:
        limit = f"where more than {most} of them are" if most else "without them"
        super().__init__(f"Features are missing, and this model does not predict {limit}.")
        self.problems = problems


class PredictionService:
    def __init__(self, workspace: Workspace, model: str) -> None:
        self._workspace = workspace
        self.release = workspace.release
        self.contract = workspace.serving(model)
        self.endpoint = workspace.endpoint(model)
        self.watch = ChampionWatch(workspace, self.contract)
        self.metrics = ServingMetrics(self.contract)
        self.log = PredictionLog(workspace, self.contract, self.metrics.log_failed)
        limits = self.endpoint.trial if "MLOPS_SERVING_ALIAS" in os.environ else None
        self.trial = Trial(limits) if limits is not None else None
        self.canary: Trial | None = None  # while its process is tried on a share of the connections
        self._features: OnlineFeatures | RedisFeatures | None = None
        self._features_problem: str | None = "the feature store is not opened yet"
        self._look_up_problem: str | None = None
        self.is_starting = True  # until it was tried once to get ready

    def refresh(self) -> None:
        """Opens the feature store if it is not open yet, and follows the alias. Never raises."""
        if self._features is None:
            self._open_features()
        self._try_features()
        self.watch.refresh()
        current = self.watch.current
        if self.trial is not None:
            self.trial.serves(current.version if current else None)
        version, run_id = (current.version, current.run_id) if current else (None, None)
        self.is_starting = False
        self.metrics.serves(version, run_id, self.unready() is None)

    def _open_features(self) -> None:
        try:
            if self._workspace.environment.redis is not None:
                self._features = RedisFeatures(self._workspace, self.contract, self.metrics.looked_up)
            else:
                self._features = open_features(self._workspace, self.contract, self.metrics.looked_up)
            self._features_problem = None
        except Exception as error:  # whatever Feast's stores raise is a reason not to be ready
            problem = databases.explain(self._workspace, error) or str(error)
            if problem != self._features_problem:
                logger.error("the feature store cannot be opened: %s", problem)
            self._features_problem = problem

    def _try_features(self) -> None:
        """Looks up what nobody has stored, because ready means that a caller gets an answer."""
        if self._features is None:
            return
        try:
            self._features.read([self._nobody])
            self._look_up_problem = None
        except Exception as error:  # a store's own
            self._cannot_look_up(error)

    @property
    def _nobody(self) -> Row:
        return {key.join_key: "" if key.type == "string" else 0 for key in self.contract.entities}

    def _cannot_look_up(self, error: Exception) -> None:
        known = databases.explain(self._workspace, error)
        problem = known or f"the online store cannot be read ({type(error).__name__}: {error})"
        if problem != self._look_up_problem:
            logger.error("features cannot be looked up: %s", problem, exc_info=None if known else error)
        self._look_up_problem = problem

    def unready(self) -> str | None:
        """Why the service is not ready, or None."""
        if drain.begun():
            return "it is shutting down"
        if self._features is None:
            return self._features_problem
        if self._look_up_problem is not None:
            return self._look_up_problem
        if self.trial is not None and self.trial.aborted is not None:
            return f"the version on trial was withdrawn: {self.trial.aborted}"
        return self.watch.problem if self.watch.current is None else None

    def answered(self, status: int, seconds: float) -> None:
        """Judges what is on trial by a response with this status, which took so long."""
        for each in (self.trial, self.canary):
            if each is not None:
                each.answered(status, seconds)

    @property
    def waits_for_champion(self) -> bool:
        """Whether nothing but a first version keeps it from being ready."""
        return self.watch.is_awaited and self.watch.current is None and self.unready() == self.watch.problem

    def champion(self) -> Champion:
        """The champion in use. Raises `NotReady` while there is none."""
        out = self.trial is not None and self.trial.aborted is not None
        if out or self.watch.current is None or self._features is None:
            raise NotReady(f"'{self.contract.model}' cannot predict yet: {self.unready()}.")
        return self.watch.current

    def predict(self, jobs: Sequence[Job]) -> list[Answer | Exception]:
        """An answer per job, in order, or the exception that prevented it. Never raises."""
        now = time.time()
        try:
            champion = self.champion()  # the same version for a whole request
            columns = self._inputs([row for job in jobs for row in job.instances], now)
        except PlatformError as error:
            return [error] * len(jobs)
        answers: list[Answer | Exception] = []
        slices = _slices(jobs)
        lacking = self._lacking(columns, sum(len(job.instances) for job in jobs))
        refused = any(map(self._is_refused, lacking))
        whole = self._whole(champion, columns) if not refused else None
        for job, at in zip(jobs, slices, strict=True):
            try:
                answers.append(self._one(champion, job, at, columns, lacking[at], whole, now))
            except PlatformError as error:
                answers.append(error)
            except Exception as error:  # a model is foreign code
                logger.exception("the model failed", extra={"ecs": {"http.request.id": job.request_id}})
                answers.append(
                    PlatformError(f"Version {champion.version} failed ({type(error).__name__}: {error}).")
                )
        return answers

    def _whole(self, champion: Champion, columns: Columns) -> Floats | None:
        """Predictions for all rows, or None if the model fails; then each job is predicted by itself."""
        try:
            return champion.predictor.predict_columns(columns)
        except Exception:
            return None

    def _one(
        self,
        champion: Champion,
        job: Job,
        at: slice,
        columns: Columns,
        lacking: list[list[str]],
        whole: Floats | None,
        now: float,
    ) -> Answer:
        self._require(lacking)
        own = {name: values[at] for name, values in columns.items()}
        predicted = whole[at] if whole is not None else champion.predictor.predict_columns(own)
        if not np.isfinite(predicted).all():
            raise PlatformError(f"Version {champion.version} did not predict a finite number.")
        values = [float(value) for value in predicted]
        self.metrics.predicted(champion.version, values)
        request = Answered(job.request_id, now, champion.version, champion.run_id)
        self.log.write(request, job.instances, own, lacking, values)
        return Answer(champion.version, values, lacking)

    def golden(self) -> Answer:
        """What the champion predicts for the input example that is sealed with it; none where it has none.

        The online store is read, of nobody, and its values are not used: how fresh they are is no matter of
        what was deployed. Counted and logged nowhere. Raises `PlatformError` where there is no answer.
        """
        champion = self.champion()
        assert self._features is not None  # which `champion` has looked at
        try:
            self._features.read([self._nobody])
        except Exception as error:  # a store's own
            raise NotReady(f"The online store cannot be read ({type(error).__name__}); try again.") from error
        columns = champion.predictor.example_columns()
        if columns is None:
            return Answer(champion.version, [], [])
        try:
            predicted = champion.predictor.predict_columns(columns)
        except Exception as error:  # a model is foreign code
            raise PlatformError(
                f"Version {champion.version} failed ({type(error).__name__}: {error})."
            ) from error
        if not np.isfinite(predicted).all():
            raise PlatformError(f"Version {champion.version} did not predict a finite number.")
        return Answer(champion.version, [float(value) for value in predicted], [[] for _ in predicted])

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
            "max_missing": self.endpoint.max_missing,
            "signature": _columns(champion) if champion else None,
            "entities": [key.model_dump() for key in self.contract.entities],
            "request": [field.model_dump() for field in self.contract.request],
            "features": [feature.model_dump() for feature in self.contract.features],
        }

    def _inputs(self, instances: Sequence[Row], now: float) -> Columns:
        assert self._features is not None  # `champion` is always called before
        try:
            found = self._features.look_up(instances, now)
            self._look_up_problem = None
        except Exception as error:
            self._cannot_look_up(error)
            raise NotReady(f"The online store cannot be read ({type(error).__name__}); try again.") from error
        for field in self.contract.request:
            found[field.name] = [instance[field.name] for instance in instances]
        return found

    def _lacking(self, found: Columns, rows: int) -> list[list[str]]:
        """Per row, the features that it lacks."""
        lacking: list[list[str]] = [[] for _ in range(rows)]
        for feature in self.contract.features:
            for index, value in enumerate(found[feature.input]):
                if value is None or value != value:
                    lacking[index].append(feature.input)
        return lacking

    @cached_property
    def _most_missing(self) -> int:
        """How many features an instance may lack."""
        if self.endpoint.missing_features == "reject":
            return 0
        share, features = self.endpoint.max_missing, len(self.contract.features)
        return features if share is None else most_missing(share, features)

    def _is_refused(self, lacking: list[str]) -> bool:
        return len(lacking) > self._most_missing

    def _require(self, lacking: Sequence[list[str]]) -> None:
        refused = [(index, names) for index, names in enumerate(lacking) if self._is_refused(names)]
        if refused:
            raise MissingFeatures(
                [_problem(index, names, self.contract) for index, names in refused[:SHOWN_PROBLEMS]],
                self._most_missing,
            )


def _slices(jobs: Sequence[Job]) -> list[slice]:
    """The position of each job's rows in the concatenation of all."""
    ends = list(accumulate(len(job.instances) for job in jobs))
    return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]


def _columns(champion: Champion) -> dict[str, Any]:
    signature = champion.predictor.signature
    return {"inputs": signature.inputs.to_dict(), "outputs": signature.outputs.to_dict()}


def _problem(index: int, names: list[str], contract: contracts.Serving) -> Problem:
    keys = ", ".join(key.join_key for key in contract.entities)
    return Problem(
        field=f"instances/{index}",
        message=f"no fresh value of {', '.join(names)} for its {keys}",
    )

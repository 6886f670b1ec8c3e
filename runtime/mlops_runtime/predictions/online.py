"""Logs every prediction with its inputs, for joining labels later and for measuring drift.

Each worker appends to its own file, one JSON object per line (docs/contracts.md). A prediction that cannot be
logged, or for which the log has no room, is still returned; such failures are counted, and the first of a
series is logged as an error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.logs.ecs import logger
from mlops_runtime.predictions.folder import folder_of, make_room, masked

LOOKS = 100  # for room, while a log that may be full is written once
_MAY_BE = "the log may be (`monitoring.log.max_size`)"


@dataclass(frozen=True)
class Answered:
    """An answered request: its id, when (seconds since the epoch) and by which version."""

    request_id: str
    at: float
    model_version: str
    run_id: str


class PredictionLog:
    def __init__(
        self, workspace: Workspace, contract: contracts.Serving, failed: Callable[[int], None]
    ) -> None:
        self._folder = folder_of(workspace, contract.model)
        self._contract = contract
        self._keys = [key.join_key for key in contract.entities]
        self._request = {field.name: field.mask for field in contract.request}
        self._inputs = {feature.input: feature.mask for feature in contract.features}
        self._failed = failed
        self._day: date | None = None
        self._file: int | None = None
        self._is_failing = False
        # Looking at each write would cost more than the write; all workers together go over by a few parts.
        self._look_after = max(1, contract.log.max_bytes // LOOKS)
        self._since_look = 0
        self._has_room = True

    def write(
        self,
        request: Answered,
        instances: Sequence[Mapping[str, Any]],
        columns: Mapping[str, Sequence[Any]],
        missing: Sequence[Sequence[str]],
        predictions: Sequence[float],
    ) -> None:
        """Writes a line per prediction, all in one write, so that the lines of two threads do not mix.

        `columns` holds the inputs by name, a value per instance, and `missing` the features that each
        instance lacks. Never raises.
        """
        at = datetime.fromtimestamp(request.at, UTC)
        lines = [
            self._line(request, at, index, instance, columns, missing[index], prediction)
            for index, (instance, prediction) in enumerate(zip(instances, predictions, strict=True))
        ]
        text = ("\n".join(lines) + "\n").encode()
        try:
            file = self._open(at.date(), len(text))
            if self._has_room:
                os.write(file, text)
            problem = None if self._has_room else f"those of {at.date()} alone are as large as {_MAY_BE}"
        except OSError as error:
            problem = str(error)
        if problem is not None:
            self._failed(len(lines))
            if not self._is_failing:
                logger.error("predictions cannot be logged in %s: %s", self._folder, problem)
        self._is_failing = problem is not None

    def _line(
        self,
        request: Answered,
        at: datetime,
        index: int,
        instance: Mapping[str, Any],
        columns: Mapping[str, Sequence[Any]],
        missing: Sequence[str],
        prediction: float,
    ) -> str:
        line = {
            "prediction_id": f"{request.request_id}/{index}",
            "request_id": request.request_id,
            "at": at.isoformat().replace("+00:00", "Z"),
            "model": self._contract.model,
            "model_version": request.model_version,
            "run_id": request.run_id,
            "keys": {name: instance[name] for name in self._keys},
            "request": {name: masked(instance[name], mask) for name, mask in self._request.items()},
            "label_timestamp": self._label_timestamp(instance),
            "inputs": {name: masked(columns[name][index], mask) for name, mask in self._inputs.items()},
            "missing": missing,
            "prediction": prediction,
        }
        return json.dumps(line, default=str)

    def _label_timestamp(self, instance: Mapping[str, Any]) -> str | None:
        name = self._contract.label_timestamp
        given = instance.get(name) if name is not None else None
        return None if given is None else given.isoformat()

    def _open(self, day: date, size: int) -> int:
        """The file to which `size` bytes are to be added, where there is room."""
        self._since_look += size
        if self._file is not None and day == self._day and self._since_look >= self._look_after:
            self._look(day)
        if self._file is None or day != self._day:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"{day.isoformat()}-{os.getpid()}.jsonl"
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            old, self._file, self._day = self._file, opened, day
            if old is not None:
                os.close(old)
            self._look(day)
        return self._file

    def _look(self, day: date) -> None:
        self._has_room = make_room(self._folder, day, self._contract.log)
        self._since_look = 0

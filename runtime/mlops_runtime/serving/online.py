"""Features from the online store, through Feast in this process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feast import FeatureService, FeatureStore
from feast.online_response import TIMESTAMP_POSTFIX

from mlops_runtime import contracts, features
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

Row = Mapping[str, Any]
Columns = dict[str, list[Any]]
Seen = Callable[[str, float | None], None]  # a view, and its row's age in seconds, None without a fresh row


@dataclass(frozen=True)
class OnlineFeatures:
    contract: contracts.Serving
    store: FeatureStore
    service: FeatureService
    # SQLite's connection is shared between threads, for which Feast's cursors are not safe.
    lock: threading.Lock
    seen: Seen

    def look_up(self, instances: Sequence[Row], now: float) -> Columns:
        """A column per input (`view__feature`), a value per instance; None if absent or older than its TTL.

        `now` is in seconds since the epoch.
        """
        found = self.read(instances)
        self._tell_ages(found, now)
        return {field.input: _fresh(field, found, now) for field in self.contract.features}

    def read(self, instances: Sequence[Row]) -> dict[str, list[Any]]:
        """What the store has of them, as Feast gives it; of no effect on what is measured."""
        keys = [key.join_key for key in self.contract.entities]
        rows = [{key: instance[key] for key in keys} for instance in instances]
        with self.lock:
            response = self.store.get_online_features(
                features=self.service, entity_rows=rows, full_feature_names=True
            )
        found: dict[str, list[Any]] = response.to_dict(include_event_timestamps=True)
        return found

    def _tell_ages(self, found: Mapping[str, Sequence[Any]], now: float) -> None:
        for field in {field.view: field for field in self.contract.features}.values():
            # Feast returns zero as the time of an absent row, which is older than any TTL.
            ages = [now - time for time in found[field.input + TIMESTAMP_POSTFIX]]
            for age in ages:
                self.seen(field.view, age if age <= field.ttl_seconds else None)


def open_features(workspace: Workspace, contract: contracts.Serving, seen: Seen) -> OnlineFeatures:
    """Opens the feature service. Raises `PlatformError` if it lacks a feature that the contract names."""
    store = features.open_store(workspace)
    try:
        service = store.get_feature_service(contract.feature_service)
    except Exception as error:  # Feast raises its stores' own errors if the registry was never created
        raise PlatformError(
            f"Feast does not have the feature service '{contract.feature_service}' ({error}): "
            "`python -m mlops_runtime apply` registers the compiled definitions."
        ) from error
    given = {
        f"{projection.name}__{feature.name}"
        for projection in service.feature_view_projections
        for feature in projection.features
    }
    lacking = [field.input for field in contract.features if field.input not in given]
    if lacking:
        raise PlatformError(
            f"The feature service '{contract.feature_service}' lacks {', '.join(lacking)}: "
            "`python -m mlops_runtime apply` registers the compiled definitions."
        )
    return OnlineFeatures(contract, store, service, threading.Lock(), seen)


def _fresh(field: contracts.ServedFeature, found: Mapping[str, Sequence[Any]], now: float) -> list[Any]:
    """Values beyond their view's TTL, which the online store keeps for ever, become None."""
    values, times = found[field.input], found[field.input + TIMESTAMP_POSTFIX]
    return [
        value if value is not None and now - time <= field.ttl_seconds else None
        for value, time in zip(values, times, strict=True)
    ]

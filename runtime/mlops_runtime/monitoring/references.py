"""The rows that the champion was trained and evaluated on, with which current rows are compared."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mlops_runtime import contracts, tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.training import dataset, evaluate
from mlops_runtime.training.metrics import METRICS
from mlops_runtime.training.run import TrainingRun
from mlops_runtime.training.split import TRAIN

MOST_ROWS = 20_000


@dataclass(frozen=True)
class Reference:
    version: str
    inputs: pd.DataFrame  # a sample of its training rows
    predictions: pd.Series | None  # on its holdout; None for a run that did not keep them
    baseline: dict[str, float]  # the naive baseline's metrics on the holdout


class References:
    """Downloads each champion's reference once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str, Reference] = {}

    def of(self, contract: contracts.MonitoredModel) -> Reference | None:
        """The champion's reference, or None while there is none. Raises `PlatformError` if MLflow fails."""
        name = contract.model
        with tracking.failures(self._workspace):
            client = tracking.connect(self._workspace)
            found = tracking.champion(client, self._workspace.tracking(name))
            if found is None:
                return None
            known = self._known.get(name)
            if known is not None and known.version == str(found.version):
                return known
            recorded = client.get_run(found.run_id)
            run = TrainingRun(
                self._workspace,
                client,
                self._workspace.model(name),
                self._workspace.tracking(name),
                found.run_id,
                recorded.info.experiment_id,
            )
            rows = dataset.load(run).side(TRAIN).rows
            metrics = recorded.data.metrics
            reference = Reference(
                str(found.version),
                rows.sample(min(len(rows), MOST_ROWS), random_state=0),
                evaluate.stored_predictions(run),
                {
                    metric: metrics[f"baseline_{metric}"]
                    for metric in METRICS[contract.task]
                    if f"baseline_{metric}" in metrics
                },
            )
        self._known[name] = reference
        return reference

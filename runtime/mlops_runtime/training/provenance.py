"""What a training run records of its origin: commit, spec, data."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from mlflow.entities import Dataset, DatasetInput, InputTag

from mlops_runtime import contracts
from mlops_runtime.machine import durable
from mlops_runtime.tables import snapshots, warehouse
from mlops_runtime.training.dataset import tables
from mlops_runtime.training.run import TrainingRun

CONTRACT = "contract/model.json"  # artifact: the model contract of the run
NOW = "training_set.now"  # tag: labels up to this time are known
SPEC = "spec.digest"  # tag: what the specs said of the model and its views
DATA = "data."  # tag prefix: table → digest of its snapshot
WARNED = "warned."  # tag prefix: table → rules of views that its rows break
LONGEST_TAG = 5000
_GIT_SECONDS = 20
_CODE = (
    "generated",
    "runtime/mlops_runtime",
    "pipelines",
    "models",
)  # the part of the checkout that containers see


def digests(run: TrainingRun) -> dict[str, str]:
    """Table → digest of the snapshot that the run is bound to, which is the first one it used.

    A task that is retried after the tables have changed must train on the rows that were recorded.
    """
    tags = run.recorded().data.tags
    return {
        table: tags.get(DATA + table) or warehouse.fold_stream(run.workspace, table).digest
        for table in tables(run.model)
    }


def present(run: TrainingRun) -> datetime:
    """The time up to which labels are known to the run, which is that of its first attempt."""
    recorded = run.tag(NOW)
    return datetime.fromisoformat(recorded) if recorded else run.workspace.now()


def warnings(run: TrainingRun, digests_by_table: Mapping[str, str]) -> dict[str, Any]:
    """For the evidence, and in the run's tags: which rules of their views the tables break."""
    found = warehouse.warnings(run.workspace, digests_by_table)
    run.set_tags({WARNED + table: "; ".join(broken)[:LONGEST_TAG] for table, broken in found.items()})
    return {"warnings": found} if found else {}


def spec(run: TrainingRun) -> str:
    """The digest of what the specs say of the run's model and its views."""
    views = sorted({feature.view for feature in run.model.features})
    return contracts.spec_digest(run.model, [run.workspace.view(view) for view in views])


def record(run: TrainingRun, digests_by_table: Mapping[str, str], spec_digest: str) -> None:
    """Records commit, spec, parameters and data in the run, and pins its snapshots."""
    root, model = run.workspace.root, run.model
    for table, digest in digests_by_table.items():
        warehouse.pin(run.workspace, table, digest, f"mlflow run {run.id}")
    run.set_tags(
        {
            **commit(root),
            "spec.file": model.spec.file,
            SPEC: spec_digest,
            "train.code": f"sha256:{durable.sha256(root / model.train.file)}",
            **{DATA + table: digest for table, digest in digests_by_table.items()},
        }
    )
    run.log_params(model.train.with_)
    run.log_text(model.model_dump_json(by_alias=True, indent=2), CONTRACT)
    run.client.log_inputs(run.id, [_input(run, table, digest) for table, digest in digests_by_table.items()])


def commit(root: Path) -> dict[str, str]:
    """Tags for the commit, and for whether the checkout differs from it; `unknown` outside git.

    A release has them from the checkout that it was made of.
    """
    released = root / "release.json"
    if released.is_file():
        made_of = json.loads(released.read_bytes())["commit"] or {"id": "unknown", "dirty": "unknown"}
        return {"git.commit": made_of["id"], "git.dirty": str(made_of["dirty"]).lower()}
    head = _git(root, "rev-parse", "HEAD")
    if head is None:
        return {"git.commit": "unknown", "git.dirty": "unknown"}
    changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", *_CODE)
    return {"git.commit": head, "git.dirty": str(bool(changed)).lower()}


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _input(run: TrainingRun, table: str, digest: str) -> DatasetInput:
    path = snapshots.find(run.workspace, table, digest).relative_to(run.workspace.warehouse)
    dataset = Dataset(
        name=table,
        digest=digest[:36],  # MLflow's column is no longer than this; the tag has all of it
        source_type="local",
        source=json.dumps({"uri": path.as_posix()}),
    )
    role = "label" if table == run.model.label.table else "features"
    return DatasetInput(dataset, tags=[InputTag("mlflow.data.context", role)])

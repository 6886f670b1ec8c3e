"""What the chapter on monitors does to the data, with the platform's own means. Prints one JSON object.

score DAYS          scores the flights of the last DAYS as the batch pipeline does, into the prediction log
stream DAYS VALUE   sends each carrier's hours of the last DAYS again, with VALUE (or null) as mean delay
mend DAYS           sends them again as they were computed
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import pandas as pd

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.predictions import batch
from mlops_runtime.streaming import produce
from mlops_runtime.tables import warehouse
from mlops_runtime.training import inputs, predictor

MODEL, VIEW = "departure_delay", "carrier_delays"


def score(workspace: Workspace, days: int) -> dict[str, Any]:
    model = workspace.model(MODEL)
    champion = tracking.champion(tracking.connect(workspace), workspace.tracking(MODEL))
    assert champion is not None and model.batch is not None
    loaded = predictor.load_version(workspace, champion.name, str(champion.version))
    tables = {model.batch.entities, *(feature.table for feature in model.features)}
    digests = {table: warehouse.fold_stream(workspace, table).digest for table in sorted(tables)}
    flights = warehouse.read(workspace, model.batch.entities, digests[model.batch.entities])
    now = pd.Timestamp(workspace.now())
    times = flights[model.label.timestamp]
    rows = flights[(times > now - timedelta(days=days)) & (times <= now)].reset_index(drop=True)
    found = inputs.assemble(workspace, model, rows, digests)
    predicted = loaded.predict(inputs.typed(model.inputs, found))
    batch.write_batch(workspace, model, rows, found, predicted, str(champion.version))
    return {"rows": len(rows)}


def stream(workspace: Workspace, days: int, value: float | None) -> dict[str, Any]:
    rows = _true_rows(workspace, days)
    rows["mean_delay_6h"] = value
    return {"sent": produce.produce(workspace, VIEW, rows)}


def mend(workspace: Workspace, days: int) -> dict[str, Any]:
    return {"sent": produce.produce(workspace, VIEW, _true_rows(workspace, days))}


def _true_rows(workspace: Workspace, days: int) -> pd.DataFrame:
    """As they were before anything was broken, and recorded a second later than whatever was sent before.

    Only a second: a prediction sees what was recorded before it was made.
    """
    note = workspace.state / "mend.json"
    if not note.exists():
        current = warehouse.fold_stream(workspace, VIEW)
        warehouse.pin(workspace, VIEW, current.digest, "the chapter on monitors")
        note.write_text(json.dumps({"digest": current.digest, "sent": 0}))
    known = json.loads(note.read_text())
    note.write_text(json.dumps({**known, "sent": known["sent"] + 1}))
    rows = warehouse.read(workspace, VIEW, known["digest"])
    now = pd.Timestamp(workspace.now())
    rows = rows[(rows["observed_at"] > now - timedelta(days=days)) & (rows["observed_at"] <= now)].copy()
    rows["ingested_at"] += timedelta(seconds=known["sent"] + 1)
    return rows


def main(words: list[str]) -> dict[str, Any]:
    workspace = Workspace.open()
    match words:
        case ["score", days]:
            return score(workspace, int(days))
        case ["stream", days, value]:
            return stream(workspace, int(days), None if value == "null" else float(value))
        case ["mend", days]:
            return mend(workspace, int(days))
    raise SystemExit(__doc__)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:])))

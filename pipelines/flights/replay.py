"""Streams what the flights told about carriers and planes between two moments, as it became known.

    python pipelines/flights/replay.py --from 2026-10-01T00:00:00Z --to 2026-10-08T00:00:00Z

sends to the topics of the streamed views the rows that derive.py makes of all the data, those that were
recorded (`ingested_at`) after the one moment and until the other, in that order. It goes as fast as Kafka
takes them, or at `--speed` seconds of data a second. Called again with the next stretch, it goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import derive
import nycflights
import pandas as pd

from mlops_runtime.environment import Workspace
from mlops_runtime.streaming.produce import produce

STREAMED = {"carrier_delays": derive.carrier_delays, "plane_delays": derive.plane_delays}
SLICES = 20  # pieces that a paced replay is cut into


def rows_between(state: Path, start: datetime, end: datetime) -> dict[str, pd.DataFrame]:
    """By view: rows recorded in (start, end], in that order."""
    flights = nycflights.flights(nycflights.shift(state, end))
    found = {}
    for view, derived in STREAMED.items():
        rows = derived(flights)
        inside = rows[(rows["ingested_at"] > start) & (rows["ingested_at"] <= end)]
        found[view] = inside.sort_values(["ingested_at", "observed_at"], kind="stable")
    return found


def replay(workspace: Workspace, start: datetime, end: datetime, speed: float | None) -> dict[str, int]:
    """How many records each view got."""
    rows = rows_between(workspace.state, start, end)
    edges = pd.date_range(start, end, periods=SLICES + 1 if speed else 2)
    sent = dict.fromkeys(rows, 0)
    for after, until in pairwise(edges):
        begun = time.monotonic()
        for view, frame in rows.items():
            part = frame[(frame["ingested_at"] > after) & (frame["ingested_at"] <= until)]
            sent[view] += produce(workspace, view, part)
        if speed:
            time.sleep(max(0.0, (until - after).total_seconds() / speed - (time.monotonic() - begun)))
    return sent


def main() -> None:
    parser = argparse.ArgumentParser(description="Stream flights to Kafka, faster than they were flown.")
    parser.add_argument("--from", dest="start", type=datetime.fromisoformat, required=True, metavar="TIME")
    parser.add_argument("--to", dest="end", type=datetime.fromisoformat, required=True, metavar="TIME")
    parser.add_argument(
        "--speed", type=float, help="seconds of data a second; without it as fast as possible"
    )
    options = parser.parse_args()
    print(json.dumps(replay(Workspace.open(os.environ), options.start, options.end, options.speed)))


if __name__ == "__main__":
    main()

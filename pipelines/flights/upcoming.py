"""Flights that are still to come, as the model's API takes them, with what will really happen.

    python pipelines/flights/upcoming.py --limit 20

prints a JSON list of {"instance", "flight", "scheduled_at", "actual_delay"}, soonest first. No step
has published these flights: they are held back until their time has come. It reads the shift of
the first run from the environment's state folder ($MLOPS_ROOT/.mlops/$MLOPS_ENV, or --state).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import nycflights

from mlops_runtime import clock

INSTANCE = ["carrier", "airport", "plane", "scheduled_hour", "day_of_week", "distance"]


def held_back(state_dir: Path, limit: int, now: datetime) -> list[dict[str, Any]]:
    """The next flights after `now` that will leave at all, at most `limit`."""
    flights = nycflights.flights(nycflights.shift(state_dir, now))
    to_come = flights[(flights["scheduled_at"] > now) & ~(flights["departed_at"] <= now)]
    leaving = to_come.dropna(subset=["dep_delay", "plane"]).sort_values(["scheduled_at", "carrier", "flight"])
    return [
        {
            "instance": {name: row[name] for name in INSTANCE},
            "flight": f"{row['carrier']} {row['flight']}",
            "scheduled_at": row["scheduled_at"].isoformat(),
            "actual_delay": row["dep_delay"],
        }
        for row in leaving.head(limit).to_dict("records")
    ]


def main() -> None:
    root = Path(os.environ.get("MLOPS_ROOT") or Path.cwd())
    parser = argparse.ArgumentParser(description="Flights that are still to come, for the model's API.")
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument(
        "--state", type=Path, default=root / ".mlops" / (os.environ.get("MLOPS_ENV") or "local")
    )
    options = parser.parse_args()
    if not (options.state / "sources" / "flights.json").exists():
        sys.exit(f"The flights were never ingested into {options.state}: run the pipeline 'flights' first.")
    json.dump(
        held_back(options.state, options.limit, clock.now(options.state, os.environ)), sys.stdout, indent=1
    )
    print()


if __name__ == "__main__":
    main()

"""A made-up repository of views whose keys, times and features have odd names, one view per table."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mlops_runtime.environment import Workspace
from trips import repository

RESERVED = json.loads(
    (Path(__file__).parents[3] / "compiler/spec-schema/reserved-names.json").read_text(encoding="utf-8")
)
START = pd.Timestamp("2026-01-01", tz="UTC")
TIMES = ["FeatureView/batch/timestamp", "FeatureView/batch/created"]
# Words of SQL, Python, pandas, Feast, ibis and pydantic, and of the platform itself.
_ODD = """
    index values class_ name count user order group select left table date time none null true self
    mean size t type match case event_timestamp created_timestamp created row row_number
    entity_row_id entity_timestamp event_expire_timestamp rn subquery stay_y x y prediction
    model_version id key keys columns query limit end interval timestamp value entity_df status
    timestamps oid rowid dtype loc event_timestamp_right orders_right dummy session_user
    model_config schema copy orders__ts a_b__c constructor
"""
ODD = _ODD.split()


@dataclass(frozen=True)
class View:
    name: str
    keys: tuple[str, ...]
    timestamp: str
    created: str
    features: tuple[str, ...]


def is_reserved(name: str, *positions: str, servers: bool = False) -> bool:
    """Whether the compiler refuses the name in one of the positions."""
    return any(
        set(entry["positions"]) & set(positions)
        and (servers or not entry.get("servers"))
        and (name in entry.get("names", "").split() or re.search(entry.get("pattern", "^$"), name))
        for entry in RESERVED
    )


def allowed(*positions: str, servers: bool = False) -> list[str]:
    return [name for name in ODD if not is_reserved(name, *positions, servers=servers)]


def views(servers: bool = False) -> list[View]:
    """Each odd name in each position where the compiler allows it, two of them per view."""
    positions = (["join key"], TIMES, ["feature"])
    left = [allowed(*position, "column", servers=servers) for position in positions]
    made: list[View] = []
    while any(left):
        taken: list[str] = []
        for names in left:
            for _ in range(2):
                free = [name for name in names if name not in taken]
                taken.append(free[0] if free else f"plain_{len(taken)}")
                names[:] = [name for name in names if name != taken[-1]]
        first, second, timestamp, created, *features = taken
        made.append(View(f"view_{len(made)}", (first, second), timestamp, created, tuple(features)))
    return made


def rows_of(view: View) -> pd.DataFrame:
    """Two keys; the first has a newer row, and one that was recorded only a day later."""
    hours = [0, 0, 1, 2]
    frame = pd.DataFrame({key: ["a", "b", "a", "a"] for key in view.keys})
    frame[view.timestamp] = [START + pd.Timedelta(hours=hour) for hour in hours]
    frame[view.created] = [START + pd.Timedelta(hours=hour) for hour in (0, 0, 1, 26)]
    for at, feature in enumerate(view.features):
        frame[feature] = [value + at for value in (1.0, 2.0, 3.0, 4.0)]
    return frame


def build(root: Path, made: list[View]) -> Workspace:
    """Writes what the compiler would have written for the views, and opens the workspace."""
    workspace = repository.build(root)
    sources, definitions = ["from pathlib import Path\nfrom feast import FileSource\n"], [_IMPORTS]
    warehouse = root / ".mlops/local/warehouse"
    for view in made:
        sources.append(
            f"{view.name}_source = FileSource(name={view.name!r}, "
            f"path={str(warehouse / f'{view.name}.parquet')!r}, timestamp_field={view.timestamp!r}, "
            f"created_timestamp_column={view.created!r})\n"
        )
        fields = ", ".join(f"Field(name={name!r}, dtype=Float64)" for name in view.features)
        entities = [f"{view.name}_key_{at}" for at in range(len(view.keys))]
        for entity, key in zip(entities, view.keys, strict=True):
            definitions.append(
                f"{entity} = Entity(name={entity!r}, join_keys=[{key!r}], value_type=ValueType.STRING)\n"
            )
        keys = ", ".join(f"Field(name={key!r}, dtype=String)" for key in view.keys)
        definitions.append(
            f"{view.name} = FeatureView(name={view.name!r}, entities=[{', '.join(entities)}], "
            f"ttl=timedelta(days=2), schema=[{keys}, {fields}], source={view.name}_source, online=True)\n"
        )
        _write_table(root, view)
    feast = root / "generated/local/feast"
    (feast / "data_sources.py").write_text("".join(sources), encoding="utf-8")
    (feast / "repository.py").write_text("".join(definitions), encoding="utf-8")
    return workspace


_IMPORTS = """
from datetime import timedelta

from data_sources import *
from feast import Entity, FeatureView, Field, ValueType
from feast.types import Float64, String
"""


def _write_table(root: Path, view: View) -> None:
    types = dict.fromkeys(view.keys, "string") | {view.timestamp: "timestamp", view.created: "timestamp"}
    types |= dict.fromkeys(view.features, "float64")
    contract = {
        "table": view.name,
        "timestamp": view.timestamp,
        "writer": {"pipeline": "odd", "step": "write"},
        "columns": [{"name": name, "type": kind, "required_by": ["odd"]} for name, kind in types.items()],
        "rules": [],
    }
    path = root / f"generated/common/runtime/tables/{view.name}.json"
    path.write_text(json.dumps(contract), encoding="utf-8")

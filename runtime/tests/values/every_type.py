"""A workspace whose one feature view has a feature of each type, and rows of values that are hard to keep."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
from trips import repository, trip_delay
from trips.feast import FEAST, server_feast

from mlops_runtime import contracts, features
from mlops_runtime.environment import Workspace
from mlops_runtime.features.values import whole_seconds
from mlops_runtime.live import sides
from mlops_runtime.tables import frames, warehouse

TYPES: tuple[contracts.ScalarType, ...] = (
    "bool",
    "int32",
    "int64",
    "float32",
    "float64",
    "string",
    "timestamp",
)
FEAST_TYPES = {"timestamp": "UnixTimestamp"}
VIEW, KEY = "samples", "user"
TTL = timedelta(days=2)
SEED = 20261126
SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
EDGES: dict[contracts.ScalarType, tuple[Any, ...]] = {
    "bool": (True, False),
    "int32": (-(2**31), 2**31 - 1, 0, -1),
    "int64": (-(2**63), 2**63 - 1, 2**53 + 1, -(2**53) - 1, 0),
    "float32": tuple(map(float, np.array([0.1, 3.4e38, 1e-45, np.inf, -np.inf, -0.0], dtype=np.float32))),
    "float64": (0.1, 1.7976931348623157e308, 5e-324, np.inf, -np.inf, -0.0, float(2**53)),
    "string": (
        *("", " ", "\t", "\r\n", "two\nlines", "\x1f", "e\u0301", "\U0001f6eb", "x" * 20_000),
        *("a,b", 'say "no"', "'", "\\", "\\N", "NULL", "nan", "None"),
    ),
    "timestamp": (
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 250_000, tzinfo=UTC),
        datetime(1678, 1, 1, tzinfo=UTC),
        datetime(2261, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, 0, 999_999, tzinfo=UTC),
    ),
}


class Online(Protocol):
    def look_up(self, instances: Sequence[Mapping[str, Any]], now: float) -> Mapping[str, list[Any]]: ...


def feature(kind: str) -> str:
    return f"a_{kind}"


def rows(seed: int, count: int, missing: float = 0.2) -> list[dict[str, Any]]:
    """Rows of (`user`, a value of each type or None). Users are neighbours beyond 2^53."""
    random = np.random.default_rng(seed)
    made = []
    for at in range(count):
        row: dict[str, Any] = {KEY: 2**53 + at}
        for kind in TYPES:
            value = EDGES[kind][at] if at < len(EDGES[kind]) else _random(kind, random)
            row[feature(kind)] = None if at >= len(EDGES[kind]) and random.random() < missing else value
        made.append(row)
    return made


def _random(kind: contracts.ScalarType, random: np.random.Generator) -> Any:
    match kind:
        case "bool":
            return bool(random.integers(2))
        case "int32":
            return int(random.integers(-(2**31), 2**31))
        case "int64":
            return int(random.integers(-(2**63), 2**63 - 1))
        case "float32":
            return float(np.float32(random.normal() * 10.0 ** random.integers(-30, 30)))
        case "float64":
            return float(random.normal() * 10.0 ** random.integers(-300, 300))
        case "string":
            points = random.integers(1, 0x2FFF, random.integers(0, 12))
            return "".join(map(chr, points))
        case "timestamp":
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
                microseconds=int(random.integers(-(2**62), 2**62) // 1000)
            )


def frame(made: Sequence[dict[str, Any]], dtypes: str) -> pd.DataFrame:
    """The rows as a step returns them: with Python objects, pandas' nullable types or Arrow's."""
    columns: dict[str, pd.Series] = {KEY: pd.Series([row[KEY] for row in made], dtype="int64")}
    for kind in TYPES:
        values = [row[feature(kind)] for row in made]
        columns[feature(kind)] = pd.Series(values, dtype=DTYPES[dtypes].get(kind, "object"))
    return pd.DataFrame(columns).assign(observed_at=SEEN, ingested_at=SEEN + timedelta(minutes=1))


def asked(made: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Entity rows as a table's reader gives them, the last of which has no key."""
    keys = pa.array([*(row[KEY] for row in made), None], pa.int64())
    return frames.to_pandas(pa.table({KEY: keys})).assign(event_timestamp=SEEN + pd.Timedelta("1h"))


DTYPES: dict[str, dict[str, str]] = {
    "objects": {},
    "pandas": {"bool": "boolean", "int32": "Int32", "int64": "Int64", "float32": "Float32"}
    | {"float64": "Float64", "string": "string", "timestamp": "datetime64[us, UTC]"},
    "arrow": {"bool": "bool[pyarrow]", "int32": "int32[pyarrow]", "int64": "int64[pyarrow]"}
    | {"float32": "float[pyarrow]", "float64": "double[pyarrow]", "string": "string[pyarrow]"}
    | {"timestamp": "timestamp[us, tz=UTC][pyarrow]"},
}


def plain(kind: contracts.ScalarType, value: Any) -> Any:
    """The value in one spelling; None where it is missing."""
    if pd.isna(value):
        return None
    if kind == "timestamp":
        moment = pd.Timestamp(value)
        moment = moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")
        return moment.to_pydatetime(warn=False)
    python = {"bool": bool, "string": str}.get(kind, int if kind.startswith("int") else float)(value)
    return repr(python) if python == 0 else python  # the sign of zero


def seen(kind: contracts.ScalarType, value: Any) -> Any:
    """As a model sees the value, in training and online: of a time, whole seconds."""
    given = plain(kind, value)
    return whole_seconds(given) if isinstance(given, datetime) else given


def require_equal_everywhere(workspace: Workspace, dtypes: str, open_online: Callable[[], Online]) -> None:
    """Publishes the rows and brings them online; fails where a reader finds another value."""
    made = rows(SEED, 120)
    snapshot = warehouse.publish(workspace, VIEW, frame(made, dtypes), "trips.samples")
    sides.bring(workspace, "feast")
    features.materialize(workspace, [VIEW])
    stored = warehouse.read(workspace, VIEW).set_index(KEY)
    refs = [f"{VIEW}:{feature(kind)}" for kind in TYPES]
    joined = features.historical(workspace, refs, asked(made), {VIEW: snapshot.digest})
    looked_up = open_online().look_up([{KEY: row[KEY]} for row in made], SEEN.timestamp())
    wrong = []
    for at, row in enumerate(made):
        for kind in TYPES:
            name, given = feature(kind), row[feature(kind)]
            found = [
                ("table", plain(kind, given), stored.loc[row[KEY], name]),
                ("training", seen(kind, given), joined[f"{VIEW}__{name}"].iloc[at]),
                ("serving", seen(kind, given), looked_up[f"{VIEW}__{name}"][at]),
            ]
            wrong += [(kind, *each) for each in found if plain(kind, each[2]) != each[1]]
    assert not wrong, wrong[:20]
    without_key = joined.iloc[len(made)]
    assert without_key.drop([KEY, "event_timestamp"]).isna().all()


def build(
    root: Path, servers: tuple[int, int] | None = None, variables: Mapping[str, str] | None = None
) -> Workspace:
    """The workspace; with the ports of PostgreSQL and Redis, in their stores."""
    made = repository.build(root)
    if servers is not None:
        given = {**(variables or {}), "MLOPS_ROOT": str(root)}
        made = repository.build_with_servers(root, *servers, given)
    generated = root / "generated"
    for file, text in _feast(servers).items():
        (generated / file).parent.mkdir(parents=True, exist_ok=True)
        (generated / file).write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
    trip_delay.write(generated / "common/runtime/tables/samples.json", _table())
    return made


def _table() -> dict[str, Any]:
    types = {KEY: "int64", **{feature(kind): kind for kind in TYPES}}
    types |= {"observed_at": "timestamp", "ingested_at": "timestamp"}
    return {
        "table": VIEW,
        "timestamp": "observed_at",
        "writer": {"pipeline": "trips", "step": "samples"},
        "columns": [
            {"name": name, "type": kind, "required_by": ["features/samples.yaml"]}
            for name, kind in types.items()
        ],
        "rules": [],
    }


def _feast(servers: tuple[int, int] | None) -> dict[str, str]:
    fields = "".join(
        f'Field(name="{feature(kind)}", dtype={FEAST_TYPES.get(kind, kind.title())}), ' for kind in TYPES
    )
    sources = (server_feast(*servers) if servers else FEAST)["local/feast/data_sources.py"]
    names = ("shop_load", "driver_state")
    return {
        "local/feast/data_sources.py": textwrap.dedent(sources).replace(names[0], VIEW),
        "local/feast/repository.py": """
            import sys
            from pathlib import Path

            sys.path.append(str(Path(__file__).resolve().parents[2] / "common" / "feast"))

            from samples import every_type, samples, user  # noqa: E402, F401
            """,
        "common/feast/samples.py": f"""
            from datetime import timedelta

            from data_sources import samples_source
            from feast import Entity, FeatureService, FeatureView, Field, ValueType
            from feast.types import Bool, Float32, Float64, Int32, Int64, String, UnixTimestamp

            user = Entity(name="user", join_keys=["user"], value_type=ValueType.INT64)
            samples = FeatureView(
                name="samples",
                entities=[user],
                ttl=timedelta(days=2),
                schema=[Field(name="user", dtype=Int64), {fields}],
                source=samples_source,
                online=True,
            )
            every_type = FeatureService(name="every_type", features=[samples])
            """,
    }


def serving() -> contracts.Serving:
    """The contract of a model that takes every feature."""
    given = trip_delay.serving() | {
        "entities": [{"entity": "user", "join_key": KEY, "type": "int64", "description": ""}],
        "request": [],
        "features": [
            {"view": VIEW, "feature": feature(kind), "type": kind, "input": f"{VIEW}__{feature(kind)}"}
            | {"mask": None, "ttl_seconds": 10**10, "entities": ["user"]}
            for kind in TYPES
        ],
        "inputs": [{"name": f"{VIEW}__{feature(kind)}", "type": kind, "required": False} for kind in TYPES],
        "feature_service": "every_type",
    }
    return contracts.Serving.model_validate_json(json.dumps(given))

"""Quality of a view's rows, as the monitor asks PostgreSQL for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from mlops_runtime import contracts
from mlops_runtime.monitoring.views import measure
from mlops_runtime.stores import postgres
from servers.running import Servers

NOW = datetime(2026, 3, 10, tzinfo=UTC)
VIEW = contracts.MonitoredView.model_validate_json(
    json.dumps(
        {
            "view": "load",
            "table": "monitored load",
            "timestamp": "observed_at",
            "window_seconds": 86400,
            "features": [
                {"name": "orders", "type": "int64", "min": 0, "max": None},
                {"name": "share", "type": "float64", "min": 0, "max": 1},
                {"name": "note", "type": "string", "min": None, "max": None},
            ],
        }
    )
)


def test_rows_age_missing_and_out_of_range_are_those_of_the_window(servers: Servers) -> None:
    rows = [
        (NOW - timedelta(hours=1), 1, 0.5, "a"),
        (NOW - timedelta(hours=2), None, float("nan"), None),
        (NOW - timedelta(hours=3), -1, 1.5, "b"),
        (NOW - timedelta(hours=4), 3, 0.1, None),
        (NOW - timedelta(days=2), -9, 9.0, None),  # before the window
        (NOW + timedelta(days=1), -9, 9.0, None),  # still to come
    ]
    with postgres.connect(servers.workspace) as connection:
        connection.execute(
            'CREATE TEMP TABLE "monitored load" '
            "(observed_at timestamptz, orders bigint, share double precision, note text)"
        )
        # A table of the session; the monitor asks for one of the schema.
        assert measure(connection, VIEW, NOW) is None
        connection.execute('DROP TABLE "monitored load"')
        connection.execute(
            'CREATE TABLE public."monitored load" '
            "(observed_at timestamptz, orders bigint, share double precision, note text)"
        )
        assert measure(connection, VIEW, NOW) is None
        connection.cursor().executemany('INSERT INTO "monitored load" VALUES (%s, %s, %s, %s)', rows)
        found = measure(connection, VIEW, NOW)
        later = measure(connection, VIEW, NOW + timedelta(hours=30))
        connection.execute('DROP TABLE public."monitored load"')
    assert found is not None and later is not None
    assert (found.rows, found.age_seconds) == (4, 3600)
    assert found.missing == {"orders": 0.25, "share": 0.25, "note": 0.5}
    assert found.out_of_range == {"orders": 1 / 3, "share": 1 / 3}
    assert later.age_seconds == 6 * 3600

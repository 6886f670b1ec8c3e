"""What is known of a customer when a ticket comes, and how the helpdesk is asked."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import helpdesk
import history


def tickets(count: int = 400) -> pd.DataFrame:
    random = np.random.default_rng(0)
    opened = pd.Timestamp("2026-01-01T00:00:00Z") + pd.to_timedelta(
        np.sort(random.uniform(0, 80, count)), unit="D"
    )
    judged = opened + pd.to_timedelta(random.uniform(0.1, 3, count), unit="D")
    return pd.DataFrame(
        {
            "ticket": [f"t{number}" for number in range(count)],
            "customer": [f"c{number}" for number in random.integers(0, 12, count)],
            "plan": "team",
            "opened_at": opened,
            "judged_at": judged,
            "urgent": random.integers(0, 2, count),
        }
    )


def as_known_at(rows: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    there = rows[rows["opened_at"] <= moment]
    judged = there["judged_at"] <= moment
    return there.assign(judged_at=there["judged_at"].where(judged), urgent=there["urgent"].where(judged))


def test_history_is_the_same_whether_or_not_the_future_is_known() -> None:
    rows = tickets()
    cut = pd.Timestamp("2026-02-20T00:00:00Z")
    then = history.customer_history(as_known_at(rows, cut))
    now = history.customer_history(rows)
    shared = then.merge(now, on=["customer", "observed_at"], suffixes=("", "_now"))
    assert len(then) == len(shared) > 500
    for name in ("tickets_7d", "tickets_30d", "last_urgent"):
        np.testing.assert_array_equal(shared[name], shared[f"{name}_now"])


def test_a_window_empties_by_itself_and_a_verdict_counts_from_when_it_was_given() -> None:
    opened, judged = pd.Timestamp("2026-01-01T00:00Z"), pd.Timestamp("2026-01-03T00:00Z")
    one = tickets(1).assign(customer="c", opened_at=opened, judged_at=judged, urgent=1)
    later = tickets(1).assign(customer="other", opened_at=opened + pd.Timedelta(days=60))
    rows = history.customer_history(pd.concat([one, later])).query("customer == 'c'").set_index("observed_at")
    assert rows["tickets_7d"].tolist() == [1, 1, 0, 0]
    assert rows["tickets_30d"].tolist() == [1, 1, 1, 0]
    assert np.isnan(rows["last_urgent"].iloc[0]) and rows.loc[judged, "last_urgent"] == 1


class Helpdesk(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        allowed = self.headers["authorization"] == "Bearer right"
        page = int(self.path.rpartition("=")[2])
        body = {"tickets": [{"ticket": f"t{page}"}], "next": page + 1 if page < 3 else None}
        self.send_response(200 if allowed else 401)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Helpdesk) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_all_pages_are_read_with_the_token(url: str) -> None:
    assert [each["ticket"] for each in helpdesk.tickets(url, "right")] == ["t1", "t2", "t3"]


def test_a_refused_token_is_told_without_its_value(url: str) -> None:
    with pytest.raises(PermissionError, match="helpdesk-token") as refused:
        list(helpdesk.tickets(url, "s3cret"))
    assert "s3cret" not in str(refused.value)

"""What our own services say of themselves: asked of the servers that consumers and the monitor begin."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from trips import repository

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live import consumers, monitors, sides
from mlops_runtime.live.state import Change
from mlops_runtime.metrics.server import serve
from mlops_runtime.monitoring.metrics import MonitorMetrics
from mlops_runtime.monitoring.monitor import MONITORS

Begin = Callable[[CollectorRegistry, str | None], str]


@pytest.fixture
def begin() -> Iterator[Begin]:
    servers = []

    def one(registry: CollectorRegistry, problem: str | None) -> str:
        server = serve(registry, "127.0.0.1", 0, lambda: problem)
        servers.append(server)
        return f"127.0.0.1:{server.server_port}"

    yield one
    for server in servers:
        server.shutdown()
        server.server_close()


def with_services(tmp_path: Path, **services: object) -> Workspace:
    workspace = repository.build(tmp_path)
    stated = {"apis": [], "consumers": [], "monitors": [], **services}
    path = tmp_path / "generated" / "local" / "runtime" / "services.json"
    path.write_text(json.dumps(stated), encoding="utf-8")
    return workspace


def test_a_consumer_is_ready_not_ready_or_not_there(tmp_path: Path, begin: Begin) -> None:
    well, waiting = begin(CollectorRegistry(), None), begin(CollectorRegistry(), "Redis does not answer")
    stated = [
        {"view": "well", "addresses": [f"http://{well}"]},
        {"view": "waiting", "addresses": [f"http://{waiting}"]},
        {"view": "gone", "addresses": ["http://127.0.0.1:9"]},
    ]
    workspace = with_services(tmp_path, consumers=stated)
    assert "streaming" in sides.present(workspace)
    assert consumers.observe(workspace) == {
        f"streaming/consumer/well/{well}": {"ready": True},
        f"streaming/consumer/waiting/{waiting}": {"ready": False},
    }
    assert consumers.desired(workspace) == {
        f"streaming/consumer/well/{well}": {"ready": True},
        f"streaming/consumer/waiting/{waiting}": {"ready": True},
        "streaming/consumer/gone/127.0.0.1:9": {"ready": True},
    }


def test_a_monitor_measures_what_it_measured_within_a_quarter_of_an_hour(
    tmp_path: Path, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = MonitorMetrics(MONITORS)
    where = begin(metrics.registry, None)
    workspace = with_services(tmp_path, monitors=[f"http://{where}"])
    assert monitors.observe(workspace) == {}
    for name in MONITORS:
        metrics.succeeded(name)
    assert monitors.observe(workspace) == monitors.desired(workspace)
    assert len(monitors.desired(workspace)) == len(MONITORS)
    monkeypatch.setattr(monitors, "LATELY_SECONDS", -1)
    assert monitors.observe(workspace)[f"monitor/views/{where}"] == {"measures": False}


@pytest.mark.parametrize("name", ["airflow", "monitor", "postgres", "serving", "streaming"])
def test_what_is_only_looked_at_says_who_changes_it(tmp_path: Path, name: str) -> None:
    change = Change("update", f"{name}/kind/one", {}, {})
    with pytest.raises(PlatformError, match=r"one .*|.*one"):
        sides.side(name).apply(repository.build(tmp_path), [change])

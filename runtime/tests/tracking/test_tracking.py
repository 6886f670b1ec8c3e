from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from trips import trip_delay

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

UNUSED_PORT = 15199
RUNTIME = Path(__file__).parents[2]


def test_experiments_and_registered_models_become_what_the_contracts_say(trips: Workspace) -> None:
    tracking.apply(trips)
    trip_delay.change(trips, "common/mlflow/trip_delay.json", registered_model__description="Changed.")
    trip_delay.change(trips, "common/mlflow/trip_delay.json", experiment__tags={"owner": "drivers"})
    applied = tracking.apply(trips)
    client = tracking.connect(trips)
    assert client.get_registered_model("trip_delay").description == "Changed."
    experiment = client.get_experiment_by_name("trip_delay")
    assert experiment.tags["owner"] == "drivers"
    assert applied["experiments"] == {"trip_delay": experiment.experiment_id}


def test_applying_restores_a_deleted_experiment(trips: Workspace) -> None:
    experiment_id = tracking.apply(trips)["experiments"]["trip_delay"]
    client = tracking.connect(trips)
    client.delete_experiment(experiment_id)
    tracking.apply(trips)
    assert client.get_experiment(experiment_id).lifecycle_stage == "active"


def test_a_dead_server_is_one_sentence_with_its_address(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{UNUSED_PORT}"
    with pytest.raises(PlatformError, match=f"MLflow does not answer at {address} .*mlops up"):
        tracking.apply(trip_delay.build_with_model(tmp_path, address))


def test_a_server_that_hangs_up_is_asked_once(tmp_path: Path) -> None:
    calls = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            with contextlib.suppress(OSError):  # closed at the end of the test
                while True:
                    calls.append(listening.accept()[0].close())

        threading.Thread(target=hang_up, daemon=True).start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(PlatformError, match=f"MLflow does not answer at {address} .*mlops up"):
            tracking.apply(trip_delay.build_with_model(tmp_path, address))
    assert len(calls) == 1


def test_talking_to_mlflow_does_not_import_feast() -> None:
    # Feast installs a plugin into MLflow's HTTP client, whose import costs every task five seconds.
    code = (
        "import sys, mlops_runtime.tracking, mlflow.tracking.request_header.registry as registry\n"
        "registry.resolve_request_headers()\n"
        "sys.exit('feast' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=RUNTIME, check=False).returncode == 0

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from trips import trip_delay

from mlops_runtime.errors import PlatformError
from mlops_runtime.live import sides

UNUSED_PORT = 15199
RUNTIME = Path(__file__).parents[2]


def test_a_dead_server_is_one_sentence_with_its_address(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{UNUSED_PORT}"
    with pytest.raises(PlatformError, match=f"MLflow does not answer at {address} .*mlops up"):
        sides.bring(trip_delay.build_with_model(tmp_path, address), "mlflow")


def test_a_server_that_hangs_up_is_asked_once(tmp_path: Path) -> None:
    calls = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            with contextlib.suppress(OSError):  # closed at the end of the test
                while True:
                    # Counted before the caller is told, who looks at the count at once.
                    connection, address = listening.accept()
                    calls.append(address)
                    connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(PlatformError, match=f"MLflow does not answer at {address} .*mlops up"):
            sides.bring(trip_delay.build_with_model(tmp_path, address), "mlflow")
    assert len(calls) == 1


def test_talking_to_mlflow_does_not_import_feast() -> None:
    # Feast installs a plugin into MLflow's HTTP client, whose import costs every task five seconds.
    code = (
        "import sys, mlops_runtime.tracking, mlflow.tracking.request_header.registry as registry\n"
        "registry.resolve_request_headers()\n"
        "sys.exit('feast' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=RUNTIME, check=False).returncode == 0

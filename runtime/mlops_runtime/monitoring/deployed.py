"""Whether what runs is still what was deployed, compared every few minutes by a process of its own.

Feast's and MLflow's clients take seconds to load and keep hundreds of megabytes: neither holds up the other
monitors, nor stays. It reads the release that is current by then: the monitor's own may be an older one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live import sides
from mlops_runtime.monitoring.metrics import MonitorMetrics

EVERY_SECONDS = 300
LONGEST_SECONDS = 240


@dataclass
class Comparison:
    process: subprocess.Popen[str]
    output: IO[str]
    errors: IO[str]
    began: float  # monotonic
    attempts: bytes  # the ledger when it began


class DeployedMonitor:
    """Called every few seconds: begins a comparison when one is due, and takes over what it found."""

    def __init__(self, workspace: Workspace, metrics: MonitorMetrics) -> None:
        self._workspace, self._metrics = workspace, metrics
        self._due = 0.0
        self.running: Comparison | None = None
        self._compared = dict.fromkeys(sides.present(workspace), time.time())
        self._differing: dict[str, int] = {}
        self._seen: bytes | None = None
        self._show()

    def __call__(self) -> None:
        """Raises `PlatformError` if the comparison itself fails; of a tool that is silent, the age tells."""
        ledger = self._ledger()
        if self._seen is not None and ledger != self._seen:
            self._due = 0.0  # what was found before was of another release
        self._seen = ledger
        if self.running is not None:
            self._take_over(self.running, ledger)
        elif time.monotonic() >= self._due and not is_deploying(ledger):
            self._begin(ledger)

    def stop(self) -> None:
        if self.running is not None:
            self.running.process.kill()
            self.running.process.wait()
            self.running = None

    def _begin(self, ledger: bytes) -> None:
        current = self._workspace.current()
        # Closed by whoever reads them.
        output, errors = TemporaryFile("w+"), TemporaryFile("w+")  # noqa: SIM115
        process = subprocess.Popen(
            command(),
            cwd=current.root,
            env=dict(current.variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            text=True,
        )
        self.running = Comparison(process, output, errors, time.monotonic(), ledger)

    def _take_over(self, running: Comparison, ledger: bytes) -> None:
        status = running.process.poll()
        if status is None and time.monotonic() - running.began < LONGEST_SECONDS:
            return
        self.stop()
        self._due = running.began + EVERY_SECONDS
        text, problem = _last_line(running.output), _last_line(running.errors)
        if status is None:
            raise PlatformError(f"The comparison with the release took over {LONGEST_SECONDS} seconds.")
        if status != 0:
            raise PlatformError(f"The comparison with the release failed (exit {status}): {problem}")
        if ledger != running.attempts:
            self._due = 0.0  # a deploy came in between: it was half of each
            return
        self._found(json.loads(text)["tools"])

    def _found(self, tools: dict[str, dict[str, Any]]) -> None:
        for name, drift in tools.items():
            if drift["problem"] is None:
                self._compared[name] = time.time()
                self._differing[name] = len(drift["differing"])
            else:
                self._compared.setdefault(name, time.time())
                self._differing.pop(name, None)
        for gone in self._compared.keys() - tools.keys():
            del self._compared[gone]
            self._differing.pop(gone, None)
        self._show()

    def _show(self) -> None:
        tell = self._metrics.replace
        tell("mlops_deployed_objects_differing", [((name,), n) for name, n in self._differing.items()])
        tell(
            "mlops_deployed_compared_timestamp_seconds",
            [((name,), at) for name, at in self._compared.items()],
        )

    def _ledger(self) -> bytes:
        """Empty where nothing was ever released, as in containers."""
        try:
            return (self._workspace.state / "ledger.jsonl").read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            return b""


def command() -> list[str]:
    return [sys.executable, "-m", "mlops_runtime", "drift"]


def _last_line(file: IO[str]) -> str:
    with file:
        file.seek(0)
        return next(iter(file.read().rstrip().splitlines()[-1:]), "")


def is_deploying(ledger: bytes) -> bool:
    """Whether its newest attempt has no end: it goes on, or was killed and left the half of two releases.

    A line that a crash has cut is none, as for `mlops deploy`.
    """
    open_: set[Any] = set()
    newest = None
    for line in ledger.splitlines():
        try:
            event = json.loads(line)
            kind, attempt = event["event"], event["id"]
        except (ValueError, KeyError, TypeError):
            continue
        if kind == "begun":
            newest = attempt
            open_.add(attempt)
        elif kind == "ended":
            open_.discard(attempt)
    return newest in open_

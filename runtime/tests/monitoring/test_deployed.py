"""What runs, compared with what was deployed: when that is done, and what is told of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from trips import repository

from mlops_runtime.commands.live import TOOLS
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live import drift, sides
from mlops_runtime.monitoring import deployed
from mlops_runtime.monitoring.deployed import DeployedMonitor, is_deploying
from mlops_runtime.monitoring.metrics import MonitorMetrics
from mlops_runtime.monitoring.monitor import MONITORS

BEGUN, ENDED = b'{"event": "begun", "id": 1}\n', b'{"event": "ended", "id": 1}\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    built = repository.build(tmp_path)
    built.state.mkdir(parents=True)
    return built


def test_a_deploy_goes_on_from_its_beginning_to_its_end_and_one_that_was_killed_for_ever() -> None:
    again = b'{"event": "begun", "id": 2}\n'
    assert not is_deploying(b"")
    assert is_deploying(BEGUN)
    assert not is_deploying(BEGUN + ENDED)
    assert is_deploying(BEGUN + ENDED + again)
    # What was resumed has ended all that was left.
    assert not is_deploying(BEGUN + again + b'{"event": "ended", "id": 2}\n')
    for cut in (b'{"event": "beg', b"7\n", b"null\n", b"[]\n", b'{"id": 3}\n', b"\xff\n"):
        assert not is_deploying(BEGUN + ENDED + cut)


class Watched:
    """A monitor whose comparison is one of these answers, and what it tells."""

    def __init__(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, answers: list[str]) -> None:
        self.metrics = MonitorMetrics(MONITORS)
        self.begun = 0
        script = workspace.state / "answers"

        def command() -> list[str]:
            script.write_text(answers[min(self.begun, len(answers) - 1)], encoding="utf-8")
            self.begun += 1
            return ["/bin/sh", str(script)]

        monkeypatch.setattr(deployed, "command", command)
        monkeypatch.setattr(deployed, "EVERY_SECONDS", 0)
        self.monitor = DeployedMonitor(workspace, self.metrics)

    def compare(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.monitor()
        assert self.monitor.running is not None
        meanwhile()
        self.monitor.running.process.wait(60)
        self.monitor()

    def differing(self, tool: str) -> float | None:
        return self._value("mlops_deployed_objects_differing", tool)

    def compared(self, tool: str) -> float | None:
        return self._value("mlops_deployed_compared_timestamp_seconds", tool)

    def _value(self, name: str, tool: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, {"tool": tool})


def says(**tools: object) -> str:
    return f"echo ignored; echo '{json.dumps({'tools': tools})}'"


def found(*addresses: str, problem: str | None = None) -> dict[str, object]:
    return {"objects": 3, "differing": addresses, "problem": problem}


def test_each_tool_has_its_number_and_one_that_does_not_answer_keeps_its_age_and_loses_its_number(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [
        says(feast=found("feast/entity/shop"), mlflow=found()),
        says(feast=found(problem="it does not answer"), mlflow=found("mlflow/experiment/a", "b")),
    ]
    watched = Watched(workspace, monkeypatch, answers)
    assert watched.compared("feast") is not None  # since the monitor began
    assert watched.differing("feast") is None
    watched.compare()
    assert (watched.differing("feast"), watched.differing("mlflow")) == (1, 0)
    before = watched.compared("feast"), watched.compared("mlflow")
    watched.compare()
    assert (watched.differing("feast"), watched.differing("mlflow")) == (None, 2)
    assert watched.compared("feast") == before[0]
    assert (watched.compared("mlflow") or 0) > (before[1] or 0)


def test_nothing_is_compared_while_a_deploy_goes_on_and_what_was_half_of_each_release_is_not_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = workspace.state / "ledger.jsonl"
    ledger.write_bytes(BEGUN)
    watched = Watched(workspace, monkeypatch, [says(feast=found("half"))])
    watched.monitor()
    watched.monitor()
    assert watched.begun == 0
    ledger.write_bytes(BEGUN + ENDED)
    watched.compare(lambda: ledger.write_bytes(BEGUN + ENDED + b'{"event": "begun", "id": 2}\n'))
    assert watched.begun == 1
    assert watched.differing("feast") is None
    ledger.write_bytes(ledger.read_bytes() + b'{"event": "ended", "id": 2}\n')
    watched.compare()
    assert watched.differing("feast") == 1


def test_a_comparison_that_fails_is_the_monitors_failure_with_the_last_thing_that_it_said(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(workspace, monkeypatch, ["echo first >&2; echo no module >&2; exit 3"])
    with pytest.raises(PlatformError, match=r"failed \(exit 3\): no module$"):
        watched.compare()


def test_a_comparison_that_hangs_is_ended_and_so_is_one_when_the_monitor_ends(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(workspace, monkeypatch, ["sleep 600"])
    watched.monitor()
    monkeypatch.setattr(deployed, "LONGEST_SECONDS", 0)
    with pytest.raises(PlatformError, match="took over 0 seconds"):
        watched.monitor()
    watched.monitor()
    running = watched.monitor.running
    assert running is not None
    watched.monitor.stop()
    assert running.process.returncode is not None


def test_the_release_that_is_current_is_compared_not_the_one_that_the_monitor_began_on(
    workspace: Workspace,
) -> None:
    assert workspace.current().root == workspace.root
    assert workspace.release is None
    releases = workspace.state / "releases"
    new = repository.build(releases / "0123456789ab")
    (releases / "current").symlink_to("0123456789ab")
    current = workspace.current()
    assert current.root == new.root == releases.resolve() / "0123456789ab"
    assert (
        Workspace.open({**current.variables, "MLOPS_STATE": str(workspace.state)}).release == "0123456789ab"
    )


def test_each_side_is_a_tool_of_the_command_and_of_the_metrics_label() -> None:
    labels = json.loads((Path(deployed.__file__).parents[1] / "metrics.json").read_text("utf-8"))["labels"]
    assert sorted(sides.SIDES) == TOOLS == labels["tool"]["values"]


def test_a_tool_that_cannot_be_looked_at_keeps_no_other_from_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sides, "present", lambda _: ["feast", "mlflow"])

    class Broken:
        def desired(self, _: Workspace) -> object:
            raise KeyError("unheard of")

    real = sides.side
    monkeypatch.setattr(sides, "side", lambda name: Broken() if name == "mlflow" else real(name))
    drifts = drift.drifts(workspace)
    assert drifts["mlflow"]["problem"] == "KeyError: 'unheard of'"
    assert drifts["feast"]["problem"] is None
    assert len(drifts["feast"]["differing"]) == drifts["feast"]["objects"] == 7  # type: ignore[arg-type]

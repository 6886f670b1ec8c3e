"""The table of commands: complete, and cheap to read."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from mlops_runtime.commands import command, main, table
from mlops_runtime.environment import Workspace

FOLDER = Path(table.__file__).parent
NO_COMMANDS = {"__init__", "command", "main", "table"}
LOADED = f"""
import sys
sys.path.insert(0, {str(FOLDER.parents[1])!r})
from mlops_runtime.commands.main import parser
parser()
print(*sorted({{name.split(".")[1] for name in sys.modules if name.startswith("mlops_runtime.")}}))
"""


def test_every_module_beside_the_table_is_a_command_of_its_name() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")} - NO_COMMANDS
    assert sorted(each.name for each in table.COMMANDS) == sorted(modules)


def test_help_needs_the_standard_library_alone_and_loads_nothing_that_commands_run() -> None:
    without_packages = [sys.executable, "-I", "-S", "-c", LOADED]
    done = subprocess.run(without_packages, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["commands", "errors"]


@pytest.mark.parametrize("each", table.COMMANDS, ids=lambda each: each.name)
def test_a_command_says_what_it_takes(each: command.Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.parser().parse_args([each.name, "--help"])
    assert ended.value.code == 0
    assert f"python -m mlops_runtime {each.name}" in capsys.readouterr().out


def test_what_feast_says_of_its_caches_stands_in_no_log(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLOPS_ROOT", str(workspace.root))
    assert main.main(["step", "nothing", "nothing"]) == 1
    assert not logging.getLogger("feast.infra.registry.caching_registry").isEnabledFor(logging.INFO)
    assert logging.getLogger("feast").isEnabledFor(logging.WARNING)

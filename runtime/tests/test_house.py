"""The arrows between the package's rooms, and their sizes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

PACKAGE = Path(__file__).parents[1] / "mlops_runtime"

# From the ground up: each room, with the rooms below it from which it imports.
HOUSE = {
    "errors": "",
    "imports": "",
    "metrics": "",
    "clock": "errors",
    "machine": "errors",
    "contracts": "errors",
    "environment": "clock contracts errors machine",
    "context": "clock environment",
    "team": "environment errors",
    "logs": "",
    "stores": "contracts environment errors",
    "offline": "contracts environment errors stores",
    "tables": "contracts environment errors machine offline",
    "tracking": "contracts environment errors imports machine",
    "features": "contracts environment errors imports machine offline stores tables",
    "live": "contracts environment errors features imports metrics stores tracking",
    "training": "contracts environment errors features imports machine tables team tracking",
    "predictions": "contracts environment logs training",
    "holdings": "environment errors features predictions tables tracking",
    "scoring": "contracts environment errors predictions tables tracking training",
    "serving": "contracts environment errors features imports logs "
    "metrics predictions stores tracking training",
    "streaming": "contracts environment errors features metrics offline stores",
    "monitoring": "contracts environment errors live metrics predictions stores tracking training",
    "steps": "context contracts environment errors features scoring tables team training",
    "testing": "clock context contracts environment errors features live steps tables training",
    "servers": "contracts environment errors machine stores",
    "containers": "environment errors team",
    "commands": "environment errors features holdings live logs machine monitoring servers serving "
    "steps stores streaming team testing tracking training",
    "__main__": "commands",
}
# What a team's own code imports stands at the top level, and nothing else does.
LOOSE = {"__init__", "__main__", "clock", "context", "errors"}
BARE = {"entrypoint", "recorder", "healthy"}  # of containers: each start and each check runs them

LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_FUNCTION = 300, 60, 8


def _name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


TREES = {_name(path): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def _imports(name: str) -> Iterator[str]:
    """Absolute names, wherever they stand: also within functions and behind TYPE_CHECKING."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _ours(name: str) -> set[str]:
    """The modules of this package that the module imports: `contracts` for `contracts.Model`."""
    found = set()
    for full in _imports(name):
        if full.startswith("mlops_runtime."):
            module = full.removeprefix("mlops_runtime.")
            found.add(module if module in TREES else module.rpartition(".")[0])
    return found


def test_each_room_imports_from_the_rooms_below_it_that_it_names() -> None:
    used: dict[str, set[str]] = {}
    for name in TREES:
        if name != "__init__":
            room = name.split(".")[0]
            others = {other.split(".")[0] for other in _ours(name)} - {room}
            used.setdefault(room, set()).update(others)
    assert used == {room: set(names.split()) for room, names in HOUSE.items()}
    floors = list(HOUSE)
    upward = [
        f"{room} imports {other}"
        for room, names in HOUSE.items()
        for other in names.split()
        if floors.index(other) > floors.index(room)
    ]
    assert upward == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    try:
        list(TopologicalSorter({name: _ours(name) for name in TREES}).static_order())
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]), pytrace=False)


def test_only_what_a_team_imports_stands_outside_a_room() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == LOOSE


@pytest.mark.parametrize("name", sorted(BARE))
def test_what_each_start_of_a_container_runs_imports_the_standard_library_alone(name: str) -> None:
    foreign = {
        full for full in _imports(f"containers.{name}") if full.split(".")[0] not in sys.stdlib_module_names
    }
    assert foreign <= {f"mlops_runtime.containers.{other}" for other in BARE}


def test_files_and_functions_are_short() -> None:
    files = {path: len(path.read_text("utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert [path.name for path, lines in files.items() if lines > LONGEST_FILE] == []
    functions = {
        f"{module}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert [name for name, lines in functions.items() if lines > LONGEST_FUNCTION] == []
    assert median(functions.values()) <= MEDIAN_FUNCTION

"""What the table needs to know of a command."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlops_runtime.environment import Workspace

Evidence = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One command line. `words` are its arguments as given, to start over under another Python."""

    workspace: Workspace
    options: Namespace
    words: Sequence[str]


def no_arguments(_parser: ArgumentParser) -> None:
    pass


@dataclass(frozen=True)
class Command:
    """`run` imports what it needs: Feast alone takes seconds, and most commands do without.

    What it returns is printed as the last line of output: None where the command serves or becomes a program.
    """

    name: str
    help: str
    run: Callable[[Call], Evidence | None]
    add_arguments: Callable[[ArgumentParser], None] = no_arguments

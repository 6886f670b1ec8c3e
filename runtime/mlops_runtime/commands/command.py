"""What a command declares about itself."""

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
    """A parsed command line. `words` are the original arguments, for starting again under another Python."""

    workspace: Workspace
    options: Namespace
    words: Sequence[str]


def no_arguments(_parser: ArgumentParser) -> None:
    pass


@dataclass(frozen=True)
class Command:
    """`run` does its own imports: Feast alone takes seconds, and most commands do not need it.

    Its result is printed as the last line of output; a command that serves or becomes a program returns None.
    """

    name: str
    help: str
    run: Callable[[Call], Evidence | None]
    add_arguments: Callable[[ArgumentParser], None] = no_arguments

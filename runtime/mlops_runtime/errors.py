"""Failures that a person can act on, each with a message of one sentence. Only bugs show a traceback."""

from __future__ import annotations

EXIT_FAILED = 1
EXIT_LASTING = 65
EXIT_SKIPPED = 99


class PlatformError(Exception):
    """The command cannot be carried out; the message says what is wrong, where, and what to do."""

    exit_code = EXIT_FAILED


class Lasting(PlatformError):
    """Another try would fail in the same way, so Airflow makes none: somebody has to change code or specs."""

    exit_code = EXIT_LASTING


class ContractError(Lasting):
    """A generated file does not have the form that docs/contracts.md describes."""


class TeamError(PlatformError):
    """The team's code failed; its cause is what it raised."""


class BrokenContract(PlatformError):
    """Rows are not what the specs promise of their table."""


class Skipped(PlatformError):
    """There is nothing to do, or not yet; Airflow shows the task, and what waits for it, as skipped."""

    exit_code = EXIT_SKIPPED

"""Failures that a person can act on, each with a message of one sentence. Only bugs show a traceback."""

from __future__ import annotations

EXIT_FAILED = 1
EXIT_SKIPPED = 99


class PlatformError(Exception):
    """The command cannot be carried out; the message says what is wrong, where, and what to do."""

    exit_code = EXIT_FAILED


class ContractError(PlatformError):
    """A generated file does not have the form that docs/contracts.md describes."""


class Skipped(PlatformError):
    """There is nothing to do, or not yet; Airflow shows the task, and what waits for it, as skipped."""

    exit_code = EXIT_SKIPPED

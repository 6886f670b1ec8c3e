"""Failures that a person can act on. Each carries one sentence; only bugs show a traceback."""

from __future__ import annotations

EXIT_FAILED = 1
EXIT_REFUSED = 3
EXIT_SKIPPED = 99


class PlatformError(Exception):
    """The step cannot be done; the message says what is wrong, where, and what to do."""

    exit_code = EXIT_FAILED


class ContractError(PlatformError):
    """A generated file does not say what docs/contracts.md promises."""


class Refused(PlatformError):
    """The gate did its work and said no: the candidate is not promoted."""

    exit_code = EXIT_REFUSED


class Skipped(PlatformError):
    """There is nothing to do, which is no failure: Airflow shows the task as skipped."""

    exit_code = EXIT_SKIPPED

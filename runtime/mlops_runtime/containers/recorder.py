"""Runs a program and copies its output to standard output and to a file that the log shipper reads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

# The shipper is only seconds behind, so older lines have been read. Without a limit the volume would fill.
LONGEST_BYTES = 64 * 1024 * 1024


class Record:
    """A file opened for appending, one write per line, so that the lines of two replicas do not mix."""

    def __init__(self, path: Path, longest: int = LONGEST_BYTES) -> None:
        self._longest = longest
        self._failed = False
        self._path = path

    def write(self, line: bytes) -> None:
        """Never raises: a service must not end because its log cannot be kept."""
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                if os.fstat(descriptor).st_size > self._longest:
                    # Truncated in place: after a rename the shipper would read everything again.
                    os.ftruncate(descriptor, 0)
                os.write(descriptor, line)
            finally:
                os.close(descriptor)
            self._failed = False
        except OSError as error:
            if not self._failed:
                print(f"The log {self._path} cannot be written: {error.strerror}.", file=sys.stderr)
            self._failed = True


def run(command: Sequence[str], variables: Mapping[str, str], path: Path) -> int:
    """Runs `command` to its end. Its exit status, or 128 plus the signal's number if a signal ended it."""
    record = Record(path)
    program = subprocess.Popen(
        list(command), env=dict(variables), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )

    def hand_on(number: int, _frame: FrameType | None) -> None:
        program.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, hand_on)
    assert program.stdout is not None
    for line in program.stdout:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        record.write(line)
    status = program.wait()
    return status if status >= 0 else 128 - status

"""`python -m mlops_runtime.containers.entrypoint PROGRAM …`: becomes the program, with its secrets filled in.

A variable may contain `${secret:NAME}`, or `${url:NAME}` to have the value percent-encoded; both are replaced
by the content of /run/secrets/NAME. That keeps secrets out of compose.yaml and of `docker inspect`.
With `MLOPS_LOG`, the program's output is also appended to that file, for the shipper.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from mlops_runtime.containers import recorder

SECRETS = Path("/run/secrets")
LOG = "MLOPS_LOG"
_PLACEHOLDER = re.compile(r"\$\{(secret|url):([a-z0-9_-]+)\}")


class MissingSecret(Exception):
    """A secret is absent or empty; the message says which file to write."""


def filled(variables: Mapping[str, str], secrets: Path = SECRETS) -> dict[str, str]:
    """The variables with their placeholders replaced. Raises `MissingSecret`."""

    def value(found: re.Match[str]) -> str:
        kind, name = found.groups()
        try:
            text = (secrets / name).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise MissingSecret(
                f"The secret '{name}' cannot be read ({error.strerror}): write it to {secrets / name}."
            ) from None
        if not text:
            raise MissingSecret(f"The secret '{name}' is empty: write its value into its file.")
        return quote(text, safe="") if kind == "url" else text

    return {name: _PLACEHOLDER.sub(value, text) for name, text in variables.items()}


def main(command: Sequence[str]) -> int:
    if not command:
        print("No program to run was given.", file=sys.stderr)
        return 2
    try:
        variables = filled(os.environ)
    except MissingSecret as error:
        print(error, file=sys.stderr)
        return 1
    log = variables.pop(LOG, None)
    if log is not None:
        return recorder.run(command, variables, Path(log))
    try:
        os.execvpe(command[0], list(command), variables)
    except OSError as error:
        print(f"The container cannot run {command[0]}: {error.strerror}.", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

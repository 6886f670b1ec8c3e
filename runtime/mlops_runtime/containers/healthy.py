"""`python -m mlops_runtime.containers.healthy URL [PATH=VALUE] [--started URL]`: whether a service answers.

The image has no curl. With `PATH=VALUE` the response must be JSON with that value at that path, for example
`scheduler.status=healthy`. With `--started` that address, which tells readiness, must no longer say
`{"status": "starting"}`; a service that has found out that it is not ready, as without a model, is healthy.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

TIMEOUT_SECONDS = 5


def problem(url: str, condition: str | None = None) -> str | None:
    """Why the service is unhealthy, or None. `condition` is `PATH=VALUE`."""
    try:
        with urlopen(url, timeout=TIMEOUT_SECONDS) as response:
            body = response.read()
    except HTTPError as error:
        return f"{url} answers {error.code}."
    except (URLError, OSError) as error:
        return f"{url} does not answer: {getattr(error, 'reason', error)}."
    if condition is None:
        return None
    path, _, wanted = condition.partition("=")
    try:
        found: Any = json.loads(body)
        for key in path.split("."):
            found = found[key]
    except (ValueError, KeyError, TypeError):
        return f"{url} answers without {path}."
    return None if found == wanted else f"{url} says that {path} is {found}, not {wanted}."


def is_starting(url: str) -> bool:
    """Whether the address does not know yet whether it is ready."""
    try:
        with urlopen(url, timeout=TIMEOUT_SECONDS) as response:
            body = response.read()
    except HTTPError as error:
        body = error.read()
    except (URLError, OSError):
        return True
    try:
        return bool(json.loads(body)["status"] == "starting")
    except (ValueError, KeyError, TypeError):
        return False


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m mlops_runtime.containers.healthy")
    parser.add_argument("url", metavar="URL")
    parser.add_argument("condition", metavar="PATH=VALUE", nargs="?")
    parser.add_argument("--started", metavar="URL")
    asked = parser.parse_args(arguments)
    found = problem(asked.url, asked.condition)
    if found is None and asked.started is not None and is_starting(asked.started):
        found = f"{asked.started} says that it is starting."
    if found is not None:
        print(found, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m mlops_runtime.containers.healthy URL [PATH=VALUE]`: whether a service answers.

The image has no curl. With `PATH=VALUE` the response must be JSON with that value at that path, for example
`scheduler.status=healthy`.
"""

from __future__ import annotations

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


def main(arguments: Sequence[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        print("Usage: python -m mlops_runtime.containers.healthy URL [PATH=VALUE]", file=sys.stderr)
        return 2
    found = problem(*arguments)
    if found is not None:
        print(found, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

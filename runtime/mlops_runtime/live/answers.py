"""What a process of ours says of itself over HTTP: whether it is ready, and its metrics."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

TIMEOUT_SECONDS = 15


def is_ready(address: str) -> bool | None:
    """None where nothing answers."""
    try:
        with urlopen(f"{address}/readyz", timeout=TIMEOUT_SECONDS):
            return True
    except HTTPError:
        return False
    except (URLError, OSError):
        return None


def samples(address: str, metric: str) -> list[tuple[Mapping[str, str], float]]:
    """Labels and value of each series of the metric; none where nothing answers."""
    try:
        with urlopen(f"{address}/metrics", timeout=TIMEOUT_SECONDS) as response:
            text = response.read().decode()
    except (URLError, OSError):
        return []
    return [
        (sample.labels, sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == metric
    ]


def place(address: str) -> str:
    """`127.0.0.1:8001` of `http://127.0.0.1:8001`."""
    return address.rpartition("/")[2]

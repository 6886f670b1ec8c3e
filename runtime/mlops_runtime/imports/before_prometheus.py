"""Imported before Feast: whether this process's metrics live in memory or in a folder that workers share.

prometheus_client decides it when it is imported, by a variable that `feast.metrics` sets to a folder of its
own when *that* is imported. So both are read here first, as whoever started this process meant them.
"""

from __future__ import annotations

import os

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
shared_folder = os.environ.get(VARIABLE)

import prometheus_client  # noqa: E402, F401 - after the variable was read, before Feast sets it

"""Decides, before Feast is imported, whether metrics are kept in memory or in a folder that workers share.

prometheus_client reads a variable for it at import, and `feast.metrics` sets that variable to its own folder
at import. So the variable is read here first, as the process was started with it.
"""

from __future__ import annotations

import os

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
shared_folder = os.environ.get(VARIABLE)

import prometheus_client  # noqa: E402, F401 - after the variable was read, before Feast sets it

"""What each account of MLflow's may ask of it, by method and path of its REST API.

Allow-lists: a route that no list has, such as one that another version of MLflow brings, is for people alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Asks = tuple[tuple[str, str], ...]  # a method, and an expression for all of the path

_API = r"/api/2\.0/mlflow/"
_ARTIFACTS = r"/api/2\.0/mlflow-artifacts/artifacts"

# Searches are POST, some of them.
READS: Asks = (
    ("GET", rf"{_API}experiments/(get|get-by-name|search)"),
    ("POST", rf"{_API}experiments/search"),
    ("GET", rf"{_API}runs/get"),
    ("POST", rf"{_API}runs/search"),
    ("GET", rf"{_API}(metrics/get-history(-bulk-interval)?|artifacts/list)"),
    ("GET", rf"{_API}registered-models/(get|search|alias|get-latest-versions)"),
    ("POST", rf"{_API}registered-models/get-latest-versions"),
    ("GET", rf"{_API}model-versions/(get|search|get-download-uri)"),
    ("GET", rf"{_API}logged-models/[^/]+(/artifacts/directories)?"),
    ("POST", rf"{_API}logged-models/search"),
    ("GET", rf"{_ARTIFACTS}(/.*)?"),
    ("GET", r"/api/3\.0/mlflow/server-info|/version"),
)

# What the specs state: experiments and registered models, and which version is champion.
DEFINITIONS: Asks = (
    ("POST", rf"{_API}experiments/(create|restore|set-experiment-tag)"),
    ("POST", rf"{_API}registered-models/(create|set-tag|alias)"),
    ("PATCH", rf"{_API}registered-models/update"),
    ("POST", rf"{_API}model-versions/set-tag"),
)

RUNS: Asks = (
    ("POST", rf"{_API}experiments/(create|set-experiment-tag)"),
    ("POST", rf"{_API}runs/(create|update|log-batch|log-metric|log-parameter|log-model|log-inputs|outputs)"),
    ("POST", rf"{_API}runs/(set-tag|delete-tag)"),
    ("POST", rf"{_API}logged-models(/[^/]+/params)?"),
    ("PATCH", rf"{_API}logged-models/[^/]+(/tags)?"),
    ("PUT", rf"{_ARTIFACTS}/.+"),
)

VERSIONS: Asks = (
    ("POST", rf"{_API}model-versions/create"),
    ("PATCH", rf"{_API}model-versions/update"),
    ("DELETE", rf"{_API}(model-versions/delete-tag|registered-models/alias)"),
)

# What `mlops deploy --drop-data` is asked to drop, by name.
DROPS: Asks = (
    ("POST", rf"{_API}experiments/delete"),
    ("DELETE", rf"{_API}registered-models/delete"),
)

# By account; the lists of `compiler/tools/tracking-account.ts` have the same names.
PERSON = "admin"  # may all
SERVICES: Mapping[str, Asks] = {
    "pipelines": READS + DEFINITIONS + RUNS + VERSIONS,
    "deploy": READS + DEFINITIONS + DROPS,
    "notebook": READS + RUNS,
    "serving": READS,
    "monitor": READS,
}
ACCOUNTS = (PERSON, *SERVICES)


def may(account: str, method: str, path: str) -> bool:
    """`path` as the routes see it: decoded."""
    if account == PERSON:
        return True
    asks = SERVICES.get(account, ())
    return any(method == known and re.fullmatch(pattern, path) for known, pattern in asks)

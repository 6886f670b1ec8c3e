"""What the platform asks of Airflow's REST API."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

TIMEOUT_SECONDS = 15
PAGE = 100


class Airflow:
    def __init__(self, url: str, user: str, password: str) -> None:
        self._url = url.rstrip("/")
        self._log_in = json.dumps({"username": user, "password": password}).encode()
        self._token: str | None = None

    @classmethod
    def of(cls, workspace: Workspace) -> Airflow:
        """As the monitor, which may read and nothing else.

        Raises `PlatformError` where its password is not set.
        """
        url = workspace.environment.airflow.url
        return cls(url, "monitor", workspace.password("MLOPS_AIRFLOW_PASSWORD_MONITOR"))

    def has_loaded(self, dag: str) -> bool:
        """Whether Airflow runs the DAG as its file is: not one that it cannot import, or no longer finds."""
        found = self._get(f"dags/{quote(dag, safe='')}")
        return found is not None and not found["has_import_errors"] and not found["is_stale"]

    def dags(self) -> list[dict[str, Any]]:
        """Every DAG whose file Airflow still finds."""
        found: list[dict[str, Any]] = []
        while True:
            page = self._get(f"dags?{urlencode({'limit': PAGE, 'offset': len(found)})}")
            if page is None or not page["dags"]:
                return found
            found += page["dags"]

    def finished_runs(
        self, dag: str, limit: int, offset: int = 0, states: Sequence[str] = ("success", "failed")
    ) -> list[dict[str, Any]]:
        """The DAG's finished runs, newest first; none if Airflow does not know the DAG yet."""
        query = urlencode(
            {"order_by": "-end_date", "limit": limit, "offset": offset, "state": list(states)}, doseq=True
        )
        found = self._get(f"dags/{quote(dag, safe='')}/dagRuns?{query}")
        return [] if found is None else list(found["dag_runs"])

    def task_states(self, dag: str, run: str) -> dict[str, str | None]:
        path = f"dags/{quote(dag, safe='')}/dagRuns/{quote(run, safe='')}/taskInstances?limit=200"
        tasks = (self._get(path) or {"task_instances": []})["task_instances"]
        return {task["task_id"]: task["state"] for task in tasks}

    def _get(self, path: str) -> Any:
        """The response's JSON, or None for 404. Raises `PlatformError`."""
        try:
            try:
                return self._ask(path)
            except HTTPError as error:
                if error.code != 401:
                    raise
                self._token = None  # it has expired, or the server was started with other keys
                return self._ask(path)
        except HTTPError as error:
            if error.code == 404:
                return None
            if error.code == 401:
                raise PlatformError(
                    f"Airflow at {self._url} does not take the monitor's password: "
                    "`mlops down`, then `mlops up` start both with the same."
                ) from error
            raise PlatformError(f"Airflow at {self._url} answered {error.code} to {path}.") from error
        except (URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            raise PlatformError(f"Airflow does not answer at {self._url} ({reason}).") from error

    def _ask(self, path: str) -> Any:
        if self._token is None:
            json_body = {"content-type": "application/json"}
            request = Request(f"{self._url}/auth/token", data=self._log_in, headers=json_body)
            with urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                self._token = str(json.load(response)["access_token"])
        headers = {"authorization": f"Bearer {self._token}", "accept": "application/json"}
        with urlopen(
            Request(f"{self._url}/api/v2/{path}", headers=headers), timeout=TIMEOUT_SECONDS
        ) as response:
            return json.load(response)

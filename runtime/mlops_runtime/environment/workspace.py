"""A checkout in one environment: its folders, contracts, secrets and connections."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePath

from mlops_runtime import clock, contracts
from mlops_runtime.errors import PlatformError

Setting = str | int | float | bool


@dataclass(frozen=True)
class Workspace:
    """A checkout or a release of it, in one environment. All paths are absolute."""

    root: Path
    environment: contracts.Environment
    variables: Mapping[str, str] = field(repr=False)  # the process's environment variables

    @classmethod
    def open(cls, variables: Mapping[str, str] = os.environ) -> Workspace:
        """Reads `MLOPS_ROOT` (default: the current folder), `MLOPS_ENV` (default: `local`) and `MLOPS_STATE`
        (default: the environment's folder below the root).

        Raises `PlatformError` if that environment was never compiled there.
        """
        root = Path(variables.get("MLOPS_ROOT") or Path.cwd()).resolve()
        name = variables.get("MLOPS_ENV") or "local"
        path = root / "generated" / name / "runtime" / "environment.json"
        if not path.is_file():
            raise PlatformError(
                f"There is no environment '{name}' in {root}: {path} does not exist. "
                "Check MLOPS_ROOT and MLOPS_ENV, or run `npm run compile`."
            )
        return cls(root, contracts.read(contracts.Environment, path), dict(variables))

    @property
    def name(self) -> str:
        return self.environment.environment

    # --- state, never committed

    @property
    def state(self) -> Path:
        given = self.variables.get("MLOPS_STATE")
        stated = PurePath(self.environment.state)
        # A trial's state is its own, whatever the environment's is.
        return Path(given) if given and not stated.is_absolute() else self.root / stated

    @property
    def release(self) -> str | None:
        """Id of the release that this is; None of a checkout."""
        return self.root.name if self.root.parent == self.state.resolve() / "releases" else None

    def current(self) -> Workspace:
        """The release that is meant to run by now, which may be newer than a process's own."""
        link = self.state / "releases" / "current"
        root = str(link.resolve()) if link.is_dir() else str(self.root)
        return Workspace.open({**self.variables, "MLOPS_ROOT": root, "MLOPS_ENV": self.name})

    def now(self) -> datetime:
        """The current time in UTC, or the environment's override of it."""
        return clock.now(self.state, self.variables)

    @property
    def warehouse(self) -> Path:
        stated, state = PurePath(self.environment.warehouse), PurePath(self.environment.state)
        # The same path in every release: Feast's registry keeps it.
        return self.state / stated.relative_to(state) if stated.is_relative_to(state) else self.root / stated

    @property
    def sources(self) -> Path:
        """Where data sources keep state between runs, such as the time of the first run."""
        return self.state / "sources"

    @property
    def envs(self) -> Path:
        """Python environments of folders with their own lock file."""
        return self.state / "envs"

    @property
    def feast_repository(self) -> Path:
        return self.root / self.environment.feast_repository

    @property
    def tracking_uri(self) -> str:
        return self.environment.mlflow.tracking_uri

    # --- contracts; a name that does not exist raises `PlatformError` with the nearest one

    @property
    def common(self) -> Path:
        return self.root / "generated" / "common"

    def pipeline(self, name: str) -> contracts.Pipeline:
        return self._read(contracts.Pipeline, "pipeline", self.common / "runtime" / "pipelines", name)

    def table(self, name: str) -> contracts.Table:
        return self._read(contracts.Table, "table", self.common / "runtime" / "tables", name)

    def model(self, name: str) -> contracts.Model:
        return self._read(contracts.Model, "model", self.common / "runtime" / "models", name)

    def view(self, name: str) -> contracts.View:
        return self._read(contracts.View, "feature view", self.common / "runtime" / "views", name)

    def models(self) -> list[str]:
        return _names(self.common / "runtime" / "models")

    def streaming(self, view: str) -> contracts.Streaming:
        return self._read(contracts.Streaming, "streamed view", self.common / "streaming", view)

    def streamed(self) -> list[str]:
        """Names of the streamed views; none if the environment has no Kafka."""
        return _names(self.common / "streaming") if self.environment.kafka is not None else []

    def stream_of(self, table: str) -> contracts.Streaming | None:
        """The stream that also writes the table, if there is one."""
        return next(
            (found for view in self.streamed() if (found := self.streaming(view)).table == table), None
        )

    def stream_endpoint(self, view: str) -> contracts.StreamEndpoint:
        folder = self.root / "generated" / self.name / "streaming"
        return self._read(contracts.StreamEndpoint, "streamed view", folder, view)

    def monitored_views(self) -> list[contracts.MonitoredView]:
        folder = self.common / "monitoring" / "views"
        return [contracts.read(contracts.MonitoredView, folder / f"{name}.json") for name in _names(folder)]

    def monitored_models(self) -> list[contracts.MonitoredModel]:
        folder = self.common / "monitoring" / "models"
        return [contracts.read(contracts.MonitoredModel, folder / f"{name}.json") for name in _names(folder)]

    def pipelines(self) -> list[str]:
        return _names(self.common / "runtime" / "pipelines")

    def tracking(self, model: str) -> contracts.Tracking:
        found = self._read(contracts.Tracking, "model", self.common / "mlflow", model)
        aliases = found.aliases.model_copy(update={"champion": self.alias(model)})
        return found.model_copy(update={"aliases": aliases})

    def alias(self, model: str) -> str:
        """The alias, in the model registry, of the version that this environment serves."""
        return self.environment.aliases.get(model, "champion")

    def serving(self, model: str) -> contracts.Serving:
        return self._read(contracts.Serving, "served model", self.common / "serving", model)

    def services(self) -> contracts.Services:
        """Where our own services answer."""
        return contracts.read(
            contracts.Services, self.root / "generated" / self.name / "runtime" / "services.json"
        )

    def endpoint(self, model: str) -> contracts.Endpoint:
        folder = self.root / "generated" / self.name / "serving"
        return self._read(contracts.Endpoint, "served model", folder, model)

    def _read(self, kind: type[contracts.C], what: str, folder: Path, name: str) -> contracts.C:
        known = _names(folder)
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known) or 'none'}."
            raise PlatformError(f"There is no {what} '{name}' in {folder.relative_to(self.root)}; {hint}")
        return contracts.read(kind, folder / f"{name}.json")

    # --- secrets and connections

    def password(self, variable: str) -> str:
        """A server's password: the value of `variable`, or of the file that `<variable>_FILE` names.

        Raises `PlatformError` if neither is set.
        """
        if variable in self.variables:
            return self.variables[variable]
        file = self.variables.get(f"{variable}_FILE")
        if file is None:
            raise PlatformError(
                f"{variable} is not set, so the environment '{self.name}' cannot reach its servers: "
                "`mlops` sets it for what it starts; otherwise set it, or name a "
                f"file in {variable}_FILE."
            )
        try:
            return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise PlatformError(
                f"{variable}_FILE is {file}, which cannot be read ({error.strerror})."
            ) from None

    def secret(self, name: str) -> str:
        """The secret's value. Raises `PlatformError` with the variable or file to set."""
        match self.environment.secrets:
            case contracts.FileSecrets(dir=folder):
                path = self.root / folder / name
                if not path.is_file():
                    raise PlatformError(f"The secret '{name}' is not set: write it into the file {path}.")
                return path.read_text(encoding="utf-8").rstrip("\r\n")
            case contracts.EnvironmentSecrets():
                variable = f"MLOPS_SECRET_{name.replace('-', '_').upper()}"
                if variable not in self.variables:
                    raise PlatformError(
                        f"The secret '{name}' is not set: `mlops secrets set {name} --env {self.name}`, "
                        f"or set the environment variable {variable}; `mlops deploy` hands it to what runs."
                    )
                return self.variables[variable]

    def connection(self, name: str) -> dict[str, Setting]:
        """The connection's settings and its secrets' values. Raises `PlatformError` if one is unknown."""
        try:
            spec = self.environment.connections[name]
        except KeyError:
            raise PlatformError(f"The environment '{self.name}' has no connection '{name}'.") from None
        return {**spec.settings, **{setting: self.secret(secret) for setting, secret in spec.secrets.items()}}


def _names(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.json"))

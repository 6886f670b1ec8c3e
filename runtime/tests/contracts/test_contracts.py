from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from trips import repository

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import ContractError, PlatformError


def read_table(tmp_path: Path, change: dict[str, Any]) -> contracts.Table:
    path = tmp_path / "table.json"
    path.write_text(json.dumps(repository.table("trips") | change))
    return contracts.read(contracts.Table, path)


def test_a_contract_is_read_as_written(tmp_path: Path) -> None:
    table = read_table(tmp_path, {})
    assert table.writer == contracts.StepRef(pipeline="trips", step="ingest")
    assert [column.name for column in table.columns][:2] == ["scheduled_at", "shop"]


def test_a_key_that_may_be_null_must_still_be_there(tmp_path: Path) -> None:
    assert read_table(tmp_path, {"timestamp": None}).timestamp is None
    path = tmp_path / "table.json"
    path.write_text(
        json.dumps({key: value for key, value in repository.table("trips").items() if key != "writer"})
    )
    with pytest.raises(ContractError, match=r"table\.json is not a Table contract: 'writer' is missing"):
        contracts.read(contracts.Table, path)


def test_an_unknown_key_is_named_with_its_place(tmp_path: Path) -> None:
    column = {"name": "a", "type": "int64", "required_by": [], "nullable": True}
    with pytest.raises(ContractError, match="'columns/0/nullable' is not known"):
        read_table(tmp_path, {"columns": [column]})


def test_a_value_of_another_type_is_not_converted(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="'table': input should be a valid string"):
        read_table(tmp_path, {"table": 7})


def test_a_file_that_is_no_json_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(ContractError, match="it is not valid JSON"):
        contracts.read(contracts.Table, tmp_path / "broken.json")


def test_the_workspace_opens_from_the_environment_variables(tmp_path: Path) -> None:
    workspace = repository.build(tmp_path)
    assert workspace.name == "local"
    assert workspace.warehouse == tmp_path / ".mlops" / "local" / "warehouse"
    with pytest.raises(PlatformError, match="no environment 'prod'"):
        Workspace.open({"MLOPS_ROOT": str(tmp_path), "MLOPS_ENV": "prod"})


def test_a_mistyped_name_gets_the_nearest_one(workspace: Workspace) -> None:
    with pytest.raises(PlatformError, match=r"no table 'trps'.*did you mean 'trips'\?"):
        workspace.table("trps")


def test_a_connection_has_its_secrets_from_the_environment(tmp_path: Path) -> None:
    workspace = repository.build(tmp_path, {"MLOPS_SECRET_WAREHOUSE": "hush"})
    assert workspace.connection("warehouse") == {"url": "postgresql://db/trips", "password": "hush"}
    assert "hush" not in repr(workspace)


def test_a_missing_secret_says_which_variable_to_set(workspace: Workspace) -> None:
    with pytest.raises(PlatformError, match="set the environment variable MLOPS_SECRET_WAREHOUSE"):
        workspace.connection("warehouse")


def test_a_secret_with_hyphens_has_a_variable_that_a_shell_can_export(tmp_path: Path) -> None:
    workspace = repository.build(tmp_path, {"MLOPS_SECRET_HELPDESK_TOKEN": "hush"})
    assert workspace.secret("helpdesk-token") == "hush"
    with pytest.raises(PlatformError, match="set the environment variable MLOPS_SECRET_OTHER_TOKEN;"):
        workspace.secret("other-token")


def test_a_secret_may_be_a_file(tmp_path: Path) -> None:
    repository.build(tmp_path)
    settings = repository.environment(secrets={"provider": "file", "dir": "secrets"})
    (tmp_path / "generated/local/runtime/environment.json").write_text(json.dumps(settings))
    workspace = Workspace.open({"MLOPS_ROOT": str(tmp_path)})
    with pytest.raises(PlatformError, match=r"write it into the file .*/secrets/warehouse"):
        workspace.secret("warehouse")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "warehouse").write_text("hush\n")
    assert workspace.secret("warehouse") == "hush"

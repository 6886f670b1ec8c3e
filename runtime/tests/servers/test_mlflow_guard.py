"""The guard before MLflow, without MLflow; test/live/mlflow-log-in.test.ts has both."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import Any

import pytest

from mlops_runtime.servers.mlflow import Guard
from mlops_runtime.servers.mlflow_roles import ACCOUNTS, may

PASSWORDS = {account: f"password of {account}" for account in ACCOUNTS}
READ = "/api/2.0/mlflow/runs/get"


def basic(user: str, password: str) -> bytes:
    return b"Basic " + b64encode(f"{user}:{password}".encode())


def answer(method: str = "GET", path: str = READ, kind: str = "http", **headers: bytes) -> list[Any]:
    """What is sent; `inner` where the guard lets it through."""
    sent: list[Any] = []

    async def inner(*_: Any) -> None:
        sent.append("inner")

    async def send(message: Any) -> None:
        sent.append(message.get("status", message["type"]))

    async def receive() -> Any:
        raise AssertionError("nothing of a body is read")

    given = [(name.encode(), value) for name, value in {"host": b"mlflow:5000", **headers}.items()]
    scope = {"type": kind, "method": method, "path": path, "headers": given}
    asyncio.run(Guard(inner, PASSWORDS)(scope, receive, send))
    return sent


@pytest.mark.parametrize("account", ACCOUNTS)
def test_each_account_gets_in_by_its_own_password_alone(account: str) -> None:
    assert answer(authorization=basic(account, PASSWORDS[account])) == ["inner"]
    others = {password for name, password in PASSWORDS.items() if name != account} | {"", "a guess"}
    for password in others:
        assert answer(authorization=basic(account, password))[0] == 401


def test_without_an_account_only_its_pulse_is_told() -> None:
    assert answer(path="/health") == ["inner"]
    for method, path in (("POST", "/health"), ("GET", "/health/"), ("GET", "/version"), ("GET", "/")):
        assert answer(method, path)[0] == 401


@pytest.mark.parametrize("sent", [b"", b"Basic", b"Basic ", b"Bearer x", b"Basic \xff", b"Basic !!!"])
def test_what_is_no_name_and_password_is_refused(sent: bytes) -> None:
    assert answer(authorization=sent)[0] == 401


def test_a_web_socket_is_closed_and_the_servers_own_start_let_through() -> None:
    assert answer(kind="websocket") == ["websocket.close"]
    assert answer(kind="lifespan") == ["inner"]


def test_a_page_of_another_site_gets_nothing_though_the_browser_knows_the_password() -> None:
    own = basic("admin", PASSWORDS["admin"])
    assert answer(authorization=own, origin=b"http://mlflow:5000") == ["inner"]
    for origin in (b"http://localhost:3000", b"https://evil.example", b"null", b""):
        assert answer(authorization=own, origin=origin)[0] == 403


def test_what_no_list_has_is_for_people() -> None:
    for account in ACCOUNTS:
        assert may(account, "POST", "/api/2.0/mlflow/of/another/version") == (account == "admin")
        assert may(account, "DELETE", "/api/2.0/mlflow/model-versions/delete") == (account == "admin")
    assert not may("somebody", "GET", READ)
    assert not may("serving", "GET", f"{READ}\n")

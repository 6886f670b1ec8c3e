"""Tickets of the last months, read from the helpdesk page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pandas as pd

if TYPE_CHECKING:
    from mlops_runtime.context import StepContext

SECONDS = 10


def load(context: StepContext) -> pd.DataFrame:
    """One row per ticket; of one that nobody has judged yet, `urgent` and `judged_at` are missing."""
    helpdesk = context.connections["helpdesk"]
    rows = pd.DataFrame(tickets(str(helpdesk["url"]), str(helpdesk["token"])))
    context.logger.info("%s tickets, %s judged", f"{len(rows):,}", f"{rows['urgent'].notna().sum():,}")
    return typed(rows)


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """The helpdesk's texts and nulls as the columns that the table has."""
    return rows.assign(
        opened_at=pd.to_datetime(rows["opened_at"], utc=True, format="ISO8601"),
        judged_at=pd.to_datetime(rows["judged_at"], utc=True, format="ISO8601"),
        urgent=rows["urgent"].astype("Int64"),
        outage=rows["outage"].astype(bool),
    )


def tickets(url: str, token: str) -> Iterator[dict[str, Any]]:
    page: int | None = 1
    while page is not None:
        request = Request(f"{url}/tickets?page={page}", headers={"authorization": f"Bearer {token}"})
        try:
            with urlopen(request, timeout=SECONDS) as answer:
                found = json.load(answer)
        except HTTPError as error:
            if error.code in (401, 403):
                raise PermissionError("The helpdesk refuses the token; is helpdesk-token right?") from None
            raise
        yield from found["tickets"]
        page = found["next"]

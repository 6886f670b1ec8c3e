"""What is known of a view's rows, and of writing a stretch of them to an online store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Extent:
    rows: int  # up to the present
    ahead: int  # rows beyond it
    oldest: datetime | None  # of the rows up to the present, as the next
    newest: datetime | None


@dataclass(frozen=True)
class Written:
    rows: int  # in the stretch
    keys: int  # of these rows
    newer: int  # rows of which the store already had newer values

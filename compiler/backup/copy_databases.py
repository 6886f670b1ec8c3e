"""Copies SQLite databases as of one moment each, also while they are written to.

Reads `[[from, to], …]` from standard input; prints, for each, what is wrong with it, or null. Needs no
package.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import sys
from urllib.parse import quote

WAIT_SECONDS = 60.0  # for a writer that holds the database


def copy(source: str, target: str) -> str | None:
    # For writing, because a transaction that a crash has cut is rolled back by whoever opens it next.
    uri = f"file:{quote(source)}?mode=rw"
    try:
        with (
            contextlib.closing(sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS)) as opened,
            contextlib.closing(sqlite3.connect(target)) as copied,
        ):
            opened.backup(copied)
            [said] = copied.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return str(error)
    return None if said == "ok" else str(said)


print(json.dumps([copy(source, target) for source, target in json.load(sys.stdin)]))

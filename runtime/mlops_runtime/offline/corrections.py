"""SQL for the rule that, of two rows with the same keys and event time, the one created later counts."""

from __future__ import annotations

from psycopg import sql

from mlops_runtime import contracts
from mlops_runtime.offline.names import contract_keys


def not_corrected(contract: contracts.Streaming, stream: str) -> sql.Composable:
    """Selects the rows of the snapshot `b` for which the stream has nothing newer."""
    if contract.created is None:
        return sql.SQL("")
    later = sql.SQL("s.{0} > b.{0}").format(sql.Identifier(contract.created))
    return sql.SQL("WHERE NOT EXISTS (SELECT 1 FROM {} s WHERE {} AND {})").format(
        sql.Identifier(stream), _same(contract), later
    )


def stream_only(contract: contracts.Streaming, snapshot: str | None) -> sql.Composable:
    """Selects the rows of the stream `s` that the snapshot lacks, or has in an older version."""
    if snapshot is None:
        return sql.SQL("")
    covered = _same(contract)
    if contract.created is not None:
        covered = sql.SQL("{1} AND b.{0} >= s.{0}").format(sql.Identifier(contract.created), covered)
    return sql.SQL("WHERE NOT EXISTS (SELECT 1 FROM {} b WHERE {})").format(sql.Identifier(snapshot), covered)


def _same(contract: contracts.Streaming) -> sql.Composable:
    names = [*(name for name, _ in contract_keys(contract)), contract.timestamp]
    return sql.SQL(" AND ").join(sql.SQL("b.{0} = s.{0}").format(sql.Identifier(name)) for name in names)

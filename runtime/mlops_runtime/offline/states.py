"""SQL of a streamed table: its events, the states that follow from them, and the newest state of each moment.

An event says something of one key at one time, and may carry only some of the features. The rows of a batch
are events that carry all. A state is what was known of a key at an event time: of each feature the value of
the latest event up to then that carries it, unless that is older than the view's TTL. An event that is
recorded late changes states that were known before, so a state also has the time since which it was known.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from mlops_runtime import contracts
from mlops_runtime.offline.names import CARRIED, contract_keys

Names = Sequence[str]


def events(
    contract: contracts.Streaming, snapshot: str | None, columns: Names, stream: str
) -> sql.Composable:
    """Rows of the snapshot and of the stream, with the features that each carries (null: all of them).

    `columns` are the snapshot's. Where both have the same version of a row, the snapshot's counts.
    """
    names = _names(contract)
    features = [feature.name for feature in contract.features]
    from_stream = sql.SQL("SELECT {}, s.{} FROM {} s").format(
        _list("s", names), sql.Identifier(CARRIED), sql.Identifier(stream)
    )
    if snapshot is None:
        return from_stream
    base = sql.SQL(", ").join(
        sql.SQL("b.{}").format(sql.Identifier(name)) if name in columns else sql.SQL("NULL") for name in names
    )
    lacking = not set(features) <= set(columns)
    carried = _array([name for name in features if name in columns]) if lacking else sql.SQL("NULL::text[]")
    return sql.SQL("SELECT {}, {} AS {} FROM {} b UNION ALL {} WHERE {}").format(
        base,
        carried,
        sql.Identifier(CARRIED),
        sql.Identifier(snapshot),
        from_stream,
        not_in(contract, snapshot),
    )


def states(
    contract: contracts.Streaming, snapshot: str | None, columns: Names, stream: str, events_view: str
) -> sql.Composable:
    """Every state that was ever known. Events that carry all features are states as they are."""
    shown = columns if snapshot is not None else _names(contract)
    fresh = not_in(contract, snapshot) if snapshot is not None else sql.SQL("TRUE")
    streamed = _names(contract)
    as_it_is = sql.SQL(", ").join(
        sql.SQL("s.{}").format(sql.Identifier(name)) if name in streamed else sql.SQL("NULL")
        for name in shown
    )
    whole = sql.SQL("SELECT {} FROM {} s WHERE {} AND {}").format(
        as_it_is, sql.Identifier(stream), fresh, _is_whole(contract)
    )
    merged = sql.SQL("SELECT {} FROM {} s{} WHERE {} AND NOT {}").format(
        _merged(contract, shown, events_view),
        sql.Identifier(stream),
        _known_since(contract, events_view),
        fresh,
        _is_whole(contract),
    )
    parts = [whole, merged]
    if snapshot is not None:
        parts.insert(0, sql.SQL("SELECT {} FROM {} b").format(_list("b", columns), sql.Identifier(snapshot)))
    return sql.SQL(" UNION ALL ").join(parts)


def newest(contract: contracts.Streaming, states_view: str) -> sql.Composable:
    """Of the states of one key and time the one that was known last."""
    version = sql.SQL(", ").join(map(sql.Identifier, identity(contract)[: len(contract.key) + 1]))
    last: sql.Composable = sql.SQL("")
    if contract.created is not None:
        last = sql.SQL(", {} DESC NULLS LAST").format(sql.Identifier(contract.created))
    return sql.SQL("SELECT DISTINCT ON ({0}) * FROM {1} ORDER BY {0}{2}").format(
        version, sql.Identifier(states_view), last
    )


def identity(contract: contracts.Streaming) -> list[str]:
    """The columns that tell one event from another: keys, event time, created time if the view has one."""
    times = [contract.timestamp] if contract.created is None else [contract.timestamp, contract.created]
    return [*(name for name, _ in contract_keys(contract)), *times]


def not_in(contract: contracts.Streaming, snapshot: str) -> sql.Composable:
    """Whether the snapshot lacks this version of the stream's row `s`."""
    same = sql.SQL(" AND ").join(
        sql.SQL("b.{0} = s.{0}").format(sql.Identifier(name)) for name in identity(contract)
    )
    return sql.SQL("NOT EXISTS (SELECT 1 FROM {} b WHERE {})").format(sql.Identifier(snapshot), same)


def _known_since(contract: contracts.Streaming, events_view: str) -> sql.Composable:
    """The moments `k` at which the state of the event `s` changed: its own, and those of late events.

    A late event is left out where another state hides the changed one from whoever looks since then.
    """
    if contract.created is None:
        return sql.SQL("")
    return sql.SQL(
        " CROSS JOIN LATERAL (SELECT s.{created} AS known UNION SELECT late.{created} FROM {events} late"
        " WHERE {same_late} AND late.{time} BETWEEN s.{time} - {ttl} AND s.{time}"
        " AND late.{created} > s.{created}"
        " AND NOT EXISTS (SELECT 1 FROM {events} n WHERE {same_n} AND n.{created} <= late.{created}"
        " AND (n.{time} > s.{time} AND n.{time} <= late.{created}"
        " OR n.{time} = s.{time} AND n.{created} > s.{created}))) k"
    ).format(
        created=sql.Identifier(contract.created),
        time=sql.Identifier(contract.timestamp),
        events=sql.Identifier(events_view),
        same_late=_same_key(contract, "late"),
        same_n=_same_key(contract, "n"),
        ttl=_ttl(contract),
    )


def _merged(contract: contracts.Streaming, shown: Names, events_view: str) -> sql.Composable:
    features = {feature.name for feature in contract.features}
    parts: list[sql.Composable] = []
    for name in shown:
        if name in features:
            parts.append(_latest(contract, name, events_view))
        elif name == contract.created:
            parts.append(sql.SQL("k.known"))
        elif name in _names(contract):
            parts.append(sql.SQL("s.{}").format(sql.Identifier(name)))
        else:
            parts.append(sql.SQL("NULL"))
    return sql.SQL(", ").join(parts)


def _latest(contract: contracts.Streaming, feature: str, events_view: str) -> sql.Composable:
    """The feature's value as the state of the event `s`, known since `k`, has it."""
    carries = sql.SQL("{} = ANY(s.{})").format(sql.Literal(feature), sql.Identifier(CARRIED))
    known: sql.Composable = sql.SQL("")
    last: sql.Composable = sql.SQL("")
    if contract.created is not None:
        created = sql.Identifier(contract.created)
        carries = sql.SQL("k.known = s.{} AND {}").format(created, carries)
        known = sql.SQL(" AND (e.{0} IS NULL OR e.{0} <= k.known)").format(created)
        last = sql.SQL(", e.{} DESC NULLS LAST").format(created)
    return sql.SQL(
        "CASE WHEN {carries} THEN s.{feature} ELSE (SELECT e.{feature} FROM {events} e WHERE {same}"
        " AND e.{time} BETWEEN s.{time} - {ttl} AND s.{time}{known}"
        " AND (e.{carried} IS NULL OR {name} = ANY(e.{carried}))"
        " ORDER BY e.{time} DESC{last} LIMIT 1) END"
    ).format(
        carries=carries,
        feature=sql.Identifier(feature),
        events=sql.Identifier(events_view),
        same=_same_key(contract, "e"),
        time=sql.Identifier(contract.timestamp),
        ttl=_ttl(contract),
        known=known,
        carried=sql.Identifier(CARRIED),
        name=sql.Literal(feature),
        last=last,
    )


def _is_whole(contract: contracts.Streaming) -> sql.Composable:
    features = _array([feature.name for feature in contract.features])
    return sql.SQL("coalesce(s.{} @> {}, TRUE)").format(sql.Identifier(CARRIED), features)


def _same_key(contract: contracts.Streaming, other: str) -> sql.Composable:
    return sql.SQL(" AND ").join(
        sql.SQL("{0}.{1} = s.{1}").format(sql.SQL(other), sql.Identifier(name))
        for name, _ in contract_keys(contract)
    )


def _names(contract: contracts.Streaming) -> list[str]:
    return [*identity(contract), *(feature.name for feature in contract.features)]


def _ttl(contract: contracts.Streaming) -> sql.Composable:
    return sql.SQL("make_interval(secs => {})").format(sql.Literal(contract.ttl_seconds))


def _array(texts: Names) -> sql.Composable:
    return sql.SQL("ARRAY[{}]::text[]").format(sql.SQL(", ").join(map(sql.Literal, texts)))


def _list(of: str, names: Names) -> sql.Composable:
    return sql.SQL(", ").join(sql.SQL("{}.{}").format(sql.SQL(of), sql.Identifier(name)) for name in names)

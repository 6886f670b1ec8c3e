"""What views ask of a table's rows, looked at before these are published or brought online.

Ranges and versions are asked of every row that is published, the number of rows and the share of missing
values of the newest window of the table as it would be. No message shows a key, or a value of a feature that
is personal.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from mlops_runtime import contracts
from mlops_runtime.errors import BrokenContract

SHOWN = 3

logger = logging.getLogger("mlops_runtime.tables")


@dataclass(frozen=True)
class Broken:
    rules: contracts.Rules
    what: str  # which rule, how many rows, a sample


def require(
    rules: Sequence[contracts.Rules], rows: pa.Table, whole: pa.Table, now: datetime, what: str
) -> tuple[str, ...]:
    """The broken rules that only warn; they are logged, too.

    `rows` are new; `whole` is the table with them. Raises `PlatformError` that begins with `what` if a rule
    is broken that holds the rows back.
    """
    broken = [each for asked in rules for each in _broken(asked, rows, whole, now)]
    for each in broken:
        if each.rules.on_failure == "warn":
            logger.warning("%s breaks a rule of %s: %s", what, each.rules.spec, each.what)
    held = [_words(each) for each in broken if each.rules.on_failure == "stop"]
    if held:
        found = "; ".join(held)
        raise BrokenContract(
            f"{what} is held back, and what was there before stays: {found}. Correct the rows or the rule."
        )
    return tuple(_words(each) for each in broken)


def _words(broken: Broken) -> str:
    return f"{broken.what} ({broken.rules.spec})"


def _broken(rules: contracts.Rules, rows: pa.Table, whole: pa.Table, now: datetime) -> Iterator[Broken]:
    for what in (*_outside(rules, rows), *_twice(rules, rows), *_window(rules, whole, now)):
        yield Broken(rules, what)


def _outside(rules: contracts.Rules, rows: pa.Table) -> Iterator[str]:
    for feature in rules.features:
        values = rows[feature.name]
        for word, limit, compare in (("min", feature.min, pc.less), ("max", feature.max, pc.greater)):
            if limit is None or not _is_number(values.type):
                continue
            wrong = values.filter(pc.fill_null(compare(values, _bound(values.type, word, limit)), False))
            if len(wrong):
                sample = ", ".join(str(each) for each in pc.unique(wrong).to_pylist()[:SHOWN])
                shown = "" if feature.personal else f", such as {sample}"
                yield (
                    f"{len(wrong):,} of {len(rows):,} rows break `{word}: {_plain(limit)}` of "
                    f"'{feature.name}'{shown}"
                )


def _twice(rules: contracts.Rules, rows: pa.Table) -> Iterator[str]:
    """Rows that say different things of one key and time; equal ones do no harm."""
    names = [*rules.key, rules.timestamp, *([rules.created] if rules.created else [])]
    told = rows.select(list(dict.fromkeys([*names, *(feature.name for feature in rules.features)])))
    distinct = told.group_by(told.column_names, use_threads=False).aggregate([])
    versions = distinct.group_by(names, use_threads=False).aggregate([([], "count_all")])
    several = versions.filter(pc.greater(versions["count_all"], 1))
    for key in rules.key:
        several = several.filter(pc.is_valid(several[key]))
    if several.num_rows:
        times = ", ".join(str(each) for each in pc.unique(several[rules.timestamp]).to_pylist()[:SHOWN])
        yield (
            f"{pc.sum(several['count_all']).as_py():,} of {len(rows):,} rows state different values of one "
            f"{', '.join(names)}, such as at {times}"
        )


def _window(rules: contracts.Rules, whole: pa.Table, now: datetime) -> Iterator[str]:
    times = whole[rules.timestamp]
    past = whole.filter(pc.less_equal(times, pa.scalar(now, times.type)))
    newest = pc.max(past[rules.timestamp]).as_py()
    recent = past
    if newest is not None:
        start = pa.scalar(newest - timedelta(seconds=rules.window_seconds), times.type)
        recent = past.filter(pc.greater(past[rules.timestamp], start))
    if rules.min_rows is not None and len(recent) < rules.min_rows:
        yield f"the newest {_hours(rules)} have {len(recent):,} rows, less than `min_rows: {rules.min_rows}`"
    for feature in rules.features:
        if feature.max_missing is None or not len(recent):
            continue
        missing = pc.sum(pc.is_null(recent[feature.name], nan_is_null=True)).as_py()
        if missing / len(recent) > feature.max_missing:
            yield (
                f"{missing:,} of {len(recent):,} rows of the newest {_hours(rules)} lack '{feature.name}', "
                f"more than `max_missing: {feature.max_missing * 100:g}%`"
            )


def _bound(kind: pa.DataType, word: str, limit: float) -> pa.Scalar:
    """Among integers the nearest one, since Arrow compares only small integers with a float."""
    if not pa.types.is_integer(kind):
        return pa.scalar(limit, pa.float64())
    whole = math.ceil(limit) if word == "min" else math.floor(limit)
    return pa.scalar(min(max(whole, -(2**63)), 2**63 - 1), pa.int64())


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _plain(limit: float) -> str:
    return f"{limit:g}" if abs(limit) < 1e6 else f"{limit}"


def _hours(rules: contracts.Rules) -> str:
    return f"{rules.window_seconds / 3600:g} hours"

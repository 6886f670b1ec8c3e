"""Between a team's data frame and the typed table that its contract declares."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from mlops_runtime import contracts
from mlops_runtime.errors import PlatformError

ARROW_TYPES: dict[contracts.ScalarType, pa.DataType] = {
    "bool": pa.bool_(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "string": pa.string(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}


def conform(contract: contracts.Table, frame: pd.DataFrame, writer: str) -> pa.Table:
    """The frame as a table with the declared types and its rows in a fixed order.

    Declared columns come first, in declared order. Columns that no spec mentions are kept with the type of
    their values. `writer` (`pipeline.step`) is named in messages. Raises `PlatformError` for a missing
    column, a value of another type, or a row without event timestamp.
    """
    where = f"{writer} cannot publish '{contract.table}'"
    missing = [column for column in contract.columns if column.name not in frame.columns]
    if missing:
        names = ", ".join(f"'{column.name}' (required by {_required_by(column)})" for column in missing)
        raise PlatformError(f"{where}: its frame lacks {names}; it has {_list(frame.columns)}.")
    if twice := list(frame.columns[frame.columns.duplicated()]):
        raise PlatformError(
            f"{where}: its frame has the column '{twice[0]}' more than once; rename or drop one."
        )
    arrays = {column.name: _cast(column, frame[column.name], where) for column in contract.columns}
    for name in frame.columns:
        if name not in arrays:
            arrays[str(name)] = _infer(frame[name], where)
    if contract.timestamp is not None and arrays[contract.timestamp].null_count:
        count = arrays[contract.timestamp].null_count
        raise PlatformError(
            f"{where}: {count:,} of {len(frame):,} rows have no '{contract.timestamp}', the event timestamp "
            "by which features and labels are joined; drop these rows or fill it in."
        )
    return sort(pa.table(arrays), contract)


def sort(table: pa.Table, contract: contracts.Table) -> pa.Table:
    """The table sorted by event timestamp, then by every other column.

    The same rows in another order must have the same digest.
    """
    first = [contract.timestamp] if contract.timestamp else []
    others = [name for name in table.column_names if name not in first]
    keys = [name for name in first + others if not pa.types.is_nested(table.schema.field(name).type)]
    return table.sort_by([(name, "ascending") for name in keys])


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Timestamps are in UTC and nanoseconds, like pandas' own: `merge_asof` refuses to mix units."""
    frame: pd.DataFrame = table.to_pandas(coerce_temporal_nanoseconds=True)
    return frame


def _cast(column: contracts.Column, values: pd.Series, where: str) -> pa.Array:
    if (
        values.isna().all()
    ):  # whatever type pandas gave it: an empty or all-missing column has none of its own
        return pa.nulls(len(values), ARROW_TYPES[column.type])
    if column.type == "timestamp" and not isinstance(values.dtype, pd.DatetimeTZDtype):
        raise PlatformError(
            f"{where}: column '{column.name}' is {values.dtype}, not timestamps with a time zone; state "
            "their time zone, for example with .dt.tz_localize('UTC'). "
            f"{_required_by(column)} requires the type."
        )
    try:
        if column.type == "bool" and not values.dropna().isin([False, True]).all():
            raise ValueError("not every value is true or false")  # Arrow would convert 0.3 to true
        return _array(pa.Array.from_pandas(values, type=ARROW_TYPES[column.type]))
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise PlatformError(
            f"{where}: column '{column.name}' is {values.dtype} and cannot be read as {column.type} "
            f"({str(error).splitlines()[0].rstrip('.')}). {_required_by(column)} requires the type."
        ) from None


def _infer(values: pd.Series, where: str) -> pa.Array:
    try:
        array = _array(pa.Array.from_pandas(values))
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise PlatformError(
            f"{where}: the values of column '{values.name}' have no common type "
            f"({str(error).splitlines()[0].rstrip('.')}); declare its type under `writes`, or leave it out."
        ) from None
    if pa.types.is_timestamp(array.type):
        array = array.cast(pa.timestamp("us", tz=array.type.tz and "UTC"), safe=False)
    return array


def _array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _required_by(column: contracts.Column) -> str:
    return " and ".join(column.required_by) or "its contract"


def _list(names: pd.Index) -> str:
    return ", ".join(f"'{name}'" for name in names) or "no columns"

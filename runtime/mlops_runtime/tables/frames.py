"""Between a team's data frame and the typed table that its contract declares."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from mlops_runtime import contracts
from mlops_runtime.errors import BrokenContract
from mlops_runtime.tables import columns

_NULLABLE: dict[pa.DataType, pd.api.extensions.ExtensionDtype] = {
    pa.bool_(): pd.BooleanDtype(),
    pa.int8(): pd.Int8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.UInt8Dtype(),
    pa.uint16(): pd.UInt16Dtype(),
    pa.uint32(): pd.UInt32Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
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
        raise BrokenContract(f"{where}: its frame lacks {names}; it has {_list(frame.columns)}.")
    if twice := list(frame.columns[frame.columns.duplicated()]):
        raise BrokenContract(
            f"{where}: its frame has the column '{twice[0]}' more than once; rename or drop one."
        )
    arrays = {column.name: _declared(column, frame[column.name], where) for column in contract.columns}
    for name in frame.columns:
        if name not in arrays:
            arrays[str(name)] = _undeclared(frame[name], where)
    if contract.timestamp is not None and arrays[contract.timestamp].null_count:
        count = arrays[contract.timestamp].null_count
        raise BrokenContract(
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
    """Timestamps are in UTC and nanoseconds, like pandas' own: `merge_asof` refuses to mix units.

    A column of integers or truths of which some are missing has pandas' nullable type. Numpy's would be
    floats, which make 2**53 of 2**53 + 1, or objects.
    """
    frame: pd.DataFrame = table.to_pandas(coerce_temporal_nanoseconds=True)
    for field in table.schema:
        if field.type in _NULLABLE and table[field.name].null_count:
            frame[field.name] = table[field.name].to_pandas(types_mapper=_NULLABLE.get)
    return frame


def _declared(column: contracts.Column, values: pd.Series, where: str) -> pa.Array:
    try:
        return columns.as_declared(values, column.type)
    except columns.Unfit as unfit:
        raise BrokenContract(
            f"{where}: column '{column.name}' is {unfit.found} and cannot be stored as {column.type} "
            f"({unfit.reason}): {unfit.mended}. {_required_by(column)} requires the type."
        ) from None


def _undeclared(values: pd.Series, where: str) -> pa.Array:
    try:
        return columns.as_found(values)
    except columns.Unfit as unfit:
        raise BrokenContract(
            f"{where}: column '{values.name}' is {unfit.found} and cannot be stored ({unfit.reason}): "
            f"{unfit.mended}."
        ) from None


def _required_by(column: contracts.Column) -> str:
    return " and ".join(column.required_by) or "its contract"


def _list(names: pd.Index) -> str:
    return ", ".join(f"'{name}'" for name in names) or "no columns"

import type { ScalarType } from '../../ir/types.ts';

/** Feast's spelling of our types: of a field (`feast.types`), and of an entity's value (`ValueType`). */
const spelling: Record<ScalarType, { field: string; value: string }> = {
  bool: { field: 'Bool', value: 'BOOL' },
  int32: { field: 'Int32', value: 'INT32' },
  int64: { field: 'Int64', value: 'INT64' },
  float32: { field: 'Float32', value: 'FLOAT' },
  float64: { field: 'Float64', value: 'DOUBLE' },
  string: { field: 'String', value: 'STRING' },
  timestamp: { field: 'UnixTimestamp', value: 'UNIX_TIMESTAMP' },
};

export const fieldType = (type: ScalarType): string => spelling[type].field;
export const valueType = (type: ScalarType): string => spelling[type].value;

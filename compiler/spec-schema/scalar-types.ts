/** What the types of the language hold. */

export interface ScalarFacts {
  /** What a lower and an upper bound may be; null where values have no order, or bounds are no numbers. */
  bounds: { lowest: number; highest: number } | null;
  /** What logs may do to a value instead of showing it. */
  masks: readonly string[];
}

const whole = (bits: number) => ({ lowest: -(2 ** (bits - 1)), highest: 2 ** (bits - 1) - 1 });
const decimal = (largest: number) => ({ lowest: -largest, highest: largest });

/** The largest finite number of 32 bits. */
const FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

export const scalarTypes: Record<string, ScalarFacts> = {
  bool: { bounds: null, masks: ['drop'] },
  int32: { bounds: whole(32), masks: ['drop'] },
  // Beyond 53 bits JSON's readers differ, so no bound can be stated there.
  int64: { bounds: whole(54), masks: ['drop'] },
  float32: { bounds: decimal(FLOAT32), masks: ['drop'] },
  float64: { bounds: decimal(Number.MAX_VALUE), masks: ['drop'] },
  string: { bounds: null, masks: ['drop', 'hash'] },
  timestamp: { bounds: null, masks: ['drop'] },
};

import { call, type Expression, literal } from './python-expression.ts';

const units = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
] as const;

/** `timedelta(hours=6)`: in the largest unit that counts it whole. */
export function timedelta(seconds: number): Expression {
  const unit = units.find(([, size]) => seconds > 0 && seconds % size === 0);
  if (!unit) return call('timedelta', { seconds: literal(seconds) });
  const [name, size] = unit;
  return call('timedelta', { [name]: literal(seconds / size) });
}

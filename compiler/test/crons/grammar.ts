/** Cron expressions by chance: every form that croniter reads, and slips that it refuses. */

export type Chance = () => number;

const MONTHS = ['JAN', 'feb', 'Mar', 'APR', 'may', 'JUN', 'jul', 'AUG', 'sep', 'OCT', 'nov', 'DEC'];
const DAYS = ['SUN', 'mon', 'Tue', 'WED', 'thu', 'FRI', 'sat'];

export function randomCron(chance: Chance): string {
  const below = (limit: number): number => Math.floor(chance() * limit);
  const within = (least: number, most: number): string => String(least + below(most - least + 1));
  const oneOf = <T>(choices: readonly T[]): T => choices[below(choices.length)] as T;
  const weighed = (...choices: [weight: number, make: () => string][]): string => {
    let left = chance() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, make] of choices) {
      left -= weight;
      if (left < 0) return make();
    }
    return '*';
  };
  const field = (least: number, most: number, star: number, ...more: [number, () => string][]): string => {
    const value = (): string => within(least, most);
    const range = (): string => `${value()}-${value()}`;
    const item = (): string => weighed([6, value], [2, range], [1, () => `${range()}/${within(1, 6)}`], ...more);
    return weighed(
      [star, () => '*'],
      [5, item],
      [2, () => `${item()},${item()}`],
      [2, () => `*/${within(1, Math.max(2, (most - least) >> 1))}`],
      [1, () => `${value()}/${within(1, most - least)}`],
      [0.2, () => `*,${value()}`],
      [0.15, () => within(most + 1, most + 40)],
      [0.1, () => oneOf(['', '-1', '1-', '*/0', '5/', 'x', '1,,2', '0-5-9', '**', '1.5'])],
    );
  };
  const minute = weighed([3, () => '0'], [3, () => within(0, 59)], [2, () => field(0, 59, 0.3)]);
  const hour = weighed([5, () => within(0, 23)], [4, () => field(0, 23, 2)]);
  const day = field(1, 31, 12, [1, () => 'L'], [0.7, () => `${within(1, 31)}W`], [0.3, () => '?'], [0.2, () => 'L-2']);
  const month = field(1, 12, 16, [3, () => oneOf(MONTHS)], [1, () => `${oneOf(MONTHS)}-${oneOf(MONTHS)}`]);
  const weekday = field(
    0,
    7,
    8,
    [4, () => oneOf(DAYS)],
    [3, () => `${oneOf(DAYS)}-${oneOf(DAYS)}`],
    [2, () => `${oneOf([...DAYS, within(0, 7)])}#${within(1, 5)}`],
    [1, () => `L${within(0, 7)}`],
    [0.2, () => `${within(0, 7)}L`],
    [0.2, () => `${oneOf(DAYS)}-${oneOf(DAYS)}#${within(1, 5)}`],
  );
  const fields = [minute, hour, day, month, weekday];
  if (chance() < 0.02) fields.pop();
  if (chance() < 0.02) fields.push(within(0, 59));
  return fields.join(chance() < 0.05 ? oneOf(['\t', '  ', ' \t ']) : ' ');
}

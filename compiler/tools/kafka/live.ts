import { LiveError, type LiveSide } from '../live.ts';

interface Applied {
  made: string[];
  altered: string[];
  topics: string[];
}

/** Topics, made or altered by the runtime, which refuses what would lose records; read back by asking again. */
export const live: LiveSide = {
  name: 'kafka',
  after: [],
  isIn: (live) => live.list('common/kafka').length > 0 && live.list(`${live.environment}/kafka`).length > 0,
  async apply(live) {
    const { made, altered } = (await live.runtime('topics')) as unknown as Applied;
    const done = { made, altered };
    return Object.entries(done)
      .filter(([, names]) => names.length > 0)
      .map(([what, names]) => `${what} ${names.join(', ')}`)
      .join('; ');
  },
  async check(live) {
    const { made, altered, topics } = (await live.runtime('topics')) as unknown as Applied;
    const off = [...made, ...altered];
    if (off.length > 0) throw new LiveError(`Kafka did not keep what was asked for ${off.join(', ')}.`);
    return `${topics.length} topics as compiled`;
  },
};

import { LiveError, type LiveSide } from '../live.ts';

interface Applied {
  changed: string[];
  data_streams: string[];
  distribution: string;
}

/** Templates, pipeline and data streams, put by the runtime, which also sends a line through the pipeline. */
export const live: LiveSide = {
  name: 'elk',
  after: [],
  isIn: (live) => live.list(`${live.environment}/elk`).length > 0,
  async apply(live) {
    const { changed } = (await live.runtime('logs')) as unknown as Applied;
    return changed.length > 0 ? `changed ${changed.join(', ')}` : '';
  },
  async check(live) {
    const { changed, data_streams, distribution } = (await live.runtime('logs')) as unknown as Applied;
    if (changed.length > 0) throw new LiveError(`The index of logs did not keep ${changed.join(', ')}.`);
    return `${data_streams.join(', ')} on ${distribution}, its pipeline reads a line`;
  },
};

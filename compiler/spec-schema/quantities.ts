/** What numbers of the language mean, by their `x-quantity`, and how texts that hold one are read. */
import { fraction, latencySeconds, megabytes, seconds } from './units.ts';

/** Null where the text is no amount by itself. */
type Read = ((text: string) => number) | null;

export const quantities: Record<string, { meaning: string; read: Read }> = {
  duration: { meaning: 'a length of time that 64 bits of nanoseconds hold', read: seconds },
  latency: { meaning: 'a short length of time', read: latencySeconds },
  memory: { meaning: 'an amount of memory that Docker takes as a limit', read: megabytes },
  disk: { meaning: 'an amount of room on a disk', read: megabytes },
  share: { meaning: 'a part of a whole', read: fraction },
  'exceedable share': { meaning: 'a part of a whole, as a limit that can be exceeded', read: fraction },
  'open share': { meaning: 'a part of a whole, as an objective that can be met and missed', read: fraction },
  port: { meaning: 'a TCP port', read: null },
  'port offset': { meaning: 'what is added to ports', read: null },
  count: { meaning: 'how many of something', read: null },
  processors: { meaning: 'how many processors a container may use', read: null },
  priority: { meaning: 'which of several counts', read: null },
  'weight in percent': { meaning: 'a part of a hundred', read: null },
  'population stability index': { meaning: 'how far two distributions are apart', read: null },
  'error metric': { meaning: 'a metric whose best value is 0: rmse, mae, log_loss', read: null },
  score: { meaning: 'a metric from 0 to 1: roc_auc, accuracy, f1', read: null },
  'coefficient of determination': { meaning: 'a metric of at most 1: r2', read: null },
  value: { meaning: 'a value of the type that is stated beside it', read: null },
  text: { meaning: 'a text, also where it looks like a number', read: null },
  'passed on': { meaning: "a value that reaches the team's code as it stands", read: null },
};

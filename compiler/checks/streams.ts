import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, isOnline, keyAt, topicOf, valueAt } from '../link/declared.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  KAF008: {
    severity: 'error',
    title: 'Two feature views read one topic',
    why: "An event holds one view's features; each consumer would send the other's events to the dead-letter topic.",
    example: 'stream: {topic: clicks} in two views',
    fix: 'Give each view a topic of its own.',
  },
  KAF009: {
    severity: 'error',
    title: 'A streamed view that is not online',
    why: 'A stream keeps online values fresh; the history comes from the batch.',
    example: 'online: false with stream: {topic: clicks}',
    fix: 'Remove one of them.',
  },
});

type View = Declared<'FeatureView'>;

/** A topic feeds one view, and that view is online. */
export const streams: Check = {
  codes,
  run: ({ views }) => {
    const streamed = [...views.values()].filter(({ value }) => value.stream !== undefined);
    return [...sharedTopics(streamed), ...streamed.filter((view) => !isOnline(view)).map(offline)];
  },
};

function sharedTopics(streamed: View[]): Finding[] {
  const owners = new Map<string, View>();
  return streamed.flatMap((view) => {
    // Kafka's metrics turn dots into underscores, so it refuses two topics that differ only in these.
    const name = topicOf(view).replaceAll('.', '_');
    const other = owners.get(name);
    if (!other) {
      owners.set(name, view);
      return [];
    }
    return [
      finding('KAF008', topicAt(view), shared(other, view), {
        related: [{ message: `${other.name} uses it here`, at: topicAt(other) }],
        help: 'give each view a topic of its own',
      }),
    ];
  });
}

function shared(other: View, view: View): string {
  const [theirs, ours] = [topicOf(other), topicOf(view)];
  if (theirs === ours) return `Feature views ${other.name} and ${view.name} share the topic '${ours}'.`;
  return (
    `Topic '${ours}' of feature view ${view.name} is '${theirs}' of ${other.name} to Kafka, which does not tell a ` +
    'dot from an underscore in its metrics, and refuses the second.'
  );
}

const topicAt = (view: View) =>
  view.value.stream?.topic === undefined ? keyAt(view, 'stream') : valueAt(view, 'stream', 'topic');

function offline(view: View): Finding {
  return finding('KAF009', keyAt(view, 'stream'), `Feature view ${view.name} is streamed but not kept online.`, {
    related: [{ message: 'the view is taken offline here', at: valueAt(view, 'online') }],
    help: 'remove `stream` or `online: false`',
  });
}

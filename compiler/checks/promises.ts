import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Pipeline } from '../ir/types.ts';
import { type Declared, keyAt, valueAt, valueIn } from '../link/declared.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import type { Path } from '../source/locate.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { latencySeconds, seconds, spoken } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  SPC015: {
    severity: 'error',
    judgement: true,
    title: 'Two promises that contradict each other',
    why: 'Both cannot hold, so one of them never does what it says.',
    example: 'train: {window: 30d, holdout: 60d}',
    fix: 'Change one of the two, as the message says.',
  },
});

/** Lengths of time that a spec states leave room for each other. */
export const promises: Check = {
  codes,
  run(graph) {
    const scoring = scoringByModel(graph);
    return [...graph.models.values()].flatMap((model) => [
      ...relations.flatMap((relation) => contradiction(model, relation)),
      ...unscored(model, scoring.get(model.name)),
    ]);
  },
};

/** Of two lengths of time in one spec, the first may not reach, or not exceed, the second. */
interface Relation {
  first: string;
  second: string;
  /** Whether they may be equal. */
  orEqual: boolean;
  /** After "because", in a sentence. */
  because: string;
}

const ONLINE = 'serving/online';

const relations: readonly Relation[] = [
  {
    first: 'train/holdout',
    second: 'train/window',
    orEqual: false,
    because: 'the newest rows are held out, and none would be left to train on',
  },
  ...['latency_p99', 'budget/features', 'budget/model'].map((field) => ({
    first: `${ONLINE}/${field}`,
    second: `${ONLINE}/timeout`,
    orEqual: true,
    because: 'the API answers with 504 when its timeout is over',
  })),
  ...['canary', 'rollout'].map((field) => ({
    first: `${ONLINE}/${field}/abort_if/latency_p99`,
    second: `${ONLINE}/timeout`,
    orEqual: false,
    because: 'no answer takes longer than the timeout, so the trial would never be ended by it',
  })),
];

const amount = (text: string): number => (text.endsWith('ms') ? latencySeconds(text) : seconds(text));

function contradiction(model: Declared<'Model'>, { first, second, orEqual, because }: Relation): Finding[] {
  const path = first.split('/');
  const stated = textAt(model, path);
  if (stated === null) return [];
  const other = shortest(model, second.split('/'));
  if (other === null) return [];
  const [own, limit] = [amount(stated), amount(other.text)];
  if (orEqual ? own <= limit : own < limit) return [];
  const is = own > limit ? 'longer than' : 'as long as';
  return [
    finding(
      'SPC015',
      valueAt(model, ...path),
      `'${path.slice(-2).join('.')}' is ${stated}, ${is} '${second.split('/').at(-1)}', ${other.text}` +
        `${other.path ? '' : ' (the default)'}: ${because}.`,
      {
        help: 'lower the first, or raise the second',
        related: other.path ? [{ message: 'the other value is set here', at: valueAt(model, ...other.path) }] : [],
      },
    ),
  ];
}

function textAt(model: Declared<'Model'>, path: Path): string | null {
  const above = path.slice(0, -1).reduce<unknown>((map, step) => (map as Fields | undefined)?.[step], model.value);
  return above === undefined ? null : ((valueIn(model, path) as string | undefined) ?? null);
}

type Fields = Record<string | number, unknown>;

/** What is stated, by the spec or for an environment, or else the default; the least of them. */
function shortest(model: Declared<'Model'>, path: Path): { text: string; path: Path | null } | null {
  const field = path.at(-1) as string;
  const overrides = Object.keys(model.value.serving?.online?.overrides ?? {}).map((name) => [
    ...path.slice(0, -1),
    'overrides',
    name,
    field,
  ]);
  const found = [path, ...(path[1] === 'online' ? overrides : [])].flatMap((each) => {
    const text = textAt(model, each);
    return text === null ? [] : [{ text, path: each as Path | null }];
  });
  const byDefault = path.reduce<unknown>((map, step) => (map as Fields | undefined)?.[step], defaults.Model);
  if (textAt(model, path) === null && typeof byDefault === 'string') found.push({ text: byDefault, path: null });
  return found.reduce<(typeof found)[number] | null>(
    (least, each) => (least && amount(least.text) <= amount(each.text) ? least : each),
    null,
  );
}

/** Model → the derived pipeline that scores with it. */
const scoringByModel = ({ resolved }: ResolvedGraph): ReadonlyMap<string, Pipeline> =>
  new Map(
    [...resolved.values()].flatMap(({ pipeline }) =>
      pipeline.derivedFrom?.purpose === 'score' ? [[pipeline.derivedFrom.model, pipeline]] : [],
    ),
  );

/** Between two runs of batch scoring come more rows than one of them looks at. */
function unscored(model: Declared<'Model'>, scoring: Pipeline | undefined): Finding[] {
  const batch = model.value.serving?.batch;
  // What follows tables is as fast as they are, and these may hold one row of each thing, all of one moment.
  if (!batch || scoring?.schedule.kind !== 'cron' || scoring.schedule.longestSeconds === null) return [];
  const interval = scoring.schedule.longestSeconds;
  const window = batch.window ?? defaults.Model.serving.batch.window;
  if (seconds(window) >= interval) return [];
  const path = ['serving', 'batch'];
  return [
    finding(
      'SPC015',
      batch.window === undefined ? keyAt(model, ...path) : valueAt(model, ...path, 'window'),
      `Batch scoring of ${model.name} looks at the rows of ${window}${batch.window ? '' : ' (the default)'}, ` +
        `but runs every ${spoken(interval)}: rows in between would never be scored.`,
      {
        help: `set \`window\` to at least ${spoken(interval)}, or score more often`,
        related:
          batch.schedule === undefined
            ? []
            : [{ message: 'the schedule is set here', at: keyAt(model, ...path, 'schedule') }],
      },
    ),
  ];
}

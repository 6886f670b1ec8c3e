import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { type Declared, type FeatureReference, featuresOf, referencesOf, valueAt } from '../link/declared.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  DEP001: {
    severity: 'warning',
    title: 'What is deprecated is used',
    why: 'After the announced day it may be removed, and whoever still uses it breaks.',
    example: 'features: [clicks.mean_stay], where mean_stay has `deprecated: {until: 2027-01-31}`',
    fix: 'Use what takes its place.',
  },
  DEP002: {
    severity: 'warning',
    title: 'The day of a deprecation has passed',
    why: 'It was announced to be gone by now; nobody believes the next announcement.',
    example: 'deprecated: {until: 2026-01-31}, in February 2026',
    fix: 'Move what uses it and remove it, or announce another day.',
  },
  DEP003: {
    severity: 'warning',
    title: 'What is named as a replacement is deprecated itself',
    why: 'Whoever follows the advice has to move again.',
    example: 'deprecated: {until: 2027-01-31, use: mean_stay_24h}, where mean_stay_24h is deprecated, too',
    fix: 'Name what takes the place of both.',
  },
});

interface Announced {
  /** As a sentence has it: `feature clicks.mean_stay`. */
  called: string;
  /** Last day on which it is there. */
  until: string;
  /** Whole name of what takes its place. */
  use: string | null;
  at: { until: Place; use: Place | null };
  /** Names of the models that use it. */
  users: string[];
}

/** What is announced to go: who uses it still, and whether its day has come. */
export const deprecations: Check = {
  codes,
  run(graph, today) {
    const announced = announcedIn(graph);
    const used = [...graph.models.values()].flatMap((model) => usesOf(model, graph, announced));
    return [
      ...used,
      ...[...announced.values()].flatMap((each) => (each.until < today ? [overdue(each)] : [])),
      ...[...announced.values()].flatMap((each) => outdatedAdvice(each, announced)),
    ];
  },
};

/** By `view.feature`, `view` and `model/name`. */
function announcedIn(graph: ResolvedGraph): Map<string, Announced> {
  const found = new Map<string, Announced>();
  const note = (
    key: string,
    called: string,
    spec: Declared<'FeatureView'> | Declared<'Model'>,
    path: readonly string[],
    stated: { until: string; use?: string } | undefined,
    wholly: (use: string) => string = (use) => use,
  ): void => {
    if (!stated) return;
    const { until, use } = stated;
    const at = (field: string) => valueAt(spec, ...path, 'deprecated', field);
    found.set(key, {
      called,
      until,
      use: use === undefined ? null : wholly(use),
      at: { until: at('until'), use: use === undefined ? null : at('use') },
      users: [],
    });
  };
  for (const view of graph.views.values()) {
    note(view.name, `view ${view.name}`, view, [], view.value.deprecated);
    for (const [name, { deprecated }] of Object.entries(view.value.features))
      note(`${view.name}.${name}`, `feature ${view.name}.${name}`, view, ['features', name], deprecated, (use) =>
        use.includes('.') ? use : `${view.name}.${use}`,
      );
  }
  for (const model of graph.models.values())
    note(`model/${model.name}`, `model ${model.name}`, model, [], model.value.deprecated, (use) => `model/${use}`);
  return found;
}

/** One finding per reference; a model that goes first need not move. */
function usesOf(model: Declared<'Model'>, graph: ResolvedGraph, announced: Map<string, Announced>): Finding[] {
  if (announced.size === 0) return [];
  const goes = model.value.deprecated?.until ?? null;
  return referencesOf(model).flatMap((reference): Finding[] => {
    const view = announced.get(reference.view);
    const features = featuresOf(graph, reference.view, reference.feature).flatMap(
      (feature) => announced.get(`${reference.view}.${feature}`) ?? [],
    );
    const all = view ? [view] : features;
    for (const each of [...all, ...features]) if (!each.users.includes(model.name)) each.users.push(model.name);
    const pressing = all.filter(({ until }) => goes === null || until < goes);
    return pressing.length === 0 ? [] : [use(model, reference, pressing as [Announced, ...Announced[]])];
  });
}

function use(model: Declared<'Model'>, { text, index, feature }: FeatureReference, all: [Announced, ...Announced[]]) {
  const [first] = all;
  const at = valueAt(model, 'features', index);
  const what = all.map(({ called, until }) => `${called}, which goes after ${until}`).join('; ');
  // Other inputs are another model: whoever applies it has to train.
  const isOne = feature !== '*' && first.use?.includes('.') === true && !model.value.features.includes(first.use);
  return finding('DEP001', at, `Model ${model.name} uses ${what}.`, {
    help: advice(first, feature === '*'),
    fix: isOne ? { title: `use '${first.use}'`, safe: false, edits: [{ from: text, to: first.use as string }] } : null,
    related: all.map((each) => ({ message: 'announced here', at: each.at.until })),
  });
}

function advice({ use, called }: Announced, isAll: boolean): string {
  if (isAll && called.startsWith('feature '))
    return use === null
      ? `list the features that it needs, without ${called}`
      : `list its features, with ${use} instead`;
  return use === null ? 'do without it, or ask its owner for something in its place' : `use ${use} instead`;
}

function overdue({ called, until, users, use, at }: Announced): Finding {
  const still = users.length === 0 ? '' : `, and ${users.join(', ')} still ${users.length === 1 ? 'uses' : 'use'} it`;
  return finding('DEP002', at.until, `The ${called} was to go after ${until}${still}.`, {
    help:
      users.length === 0
        ? 'remove it, or announce another day'
        : `move ${users.join(', ')}${use === null ? '' : ` to ${use}`}, then remove it; or announce another day`,
  });
}

function outdatedAdvice({ called, use, at }: Announced, announced: ReadonlyMap<string, Announced>): Finding[] {
  const next = use === null ? undefined : (announced.get(use) ?? announced.get(viewOf(use)));
  // That something names itself is another finding.
  if (!next || next.at === at || !at.use || use === null) return [];
  const name = use.replace('model/', '');
  return [
    finding('DEP003', at.use, `The ${called} is replaced by ${name}, which goes itself after ${next.until}.`, {
      help: next.use === null ? 'name what takes the place of both' : `name ${next.use.replace('model/', '')}`,
      related: [{ message: 'announced here', at: next.at.until }],
    }),
  ];
}

const viewOf = (feature: string): string => feature.slice(0, Math.max(0, feature.indexOf('.')));

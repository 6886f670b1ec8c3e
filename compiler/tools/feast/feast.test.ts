import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeatureView, Model, ModelFeature } from '../../ir/types.ts';
import { environmentOf, filesOf, fixtureIr } from '../../test/fixture.ts';
import { feast } from './tool.ts';

const ir = fixtureIr();
const viewOf = (name: string) => ir.featureViews.find((view) => view.name === name) as FeatureView;
const [view, other] = [viewOf('carrier_delays'), viewOf('plane_delays')];

/** A spec cannot state all of these: the checks refuse such names. */
const withViews = (featureViews: FeatureView[]): Map<string, string> =>
  filesOf({ ...ir, featureViews, models: [], environments: [{ ...environmentOf(ir, 'local'), services: [] }] });

test('two views of one table share its source, unless they read other time columns', () => {
  const sources = (batch: FeatureView['batch']): string[] => {
    const text = withViews([view, { ...other, batch }]).get('local/feast/data_sources.py') ?? '';
    return [...text.matchAll(/^(\w+)_source = /gm)].map(([, name]) => name ?? '');
  };
  assert.equal(sources(view.batch), ['carrier_delays']);
  assert.equal(sources({ ...view.batch, timestamp: 'landed_at' }), ['carrier_delays', 'carrier_delays__plane_delays']);
});

test('a view may be called what Python has a name for', () => {
  const files = withViews([{ ...view, name: 'import' }]);
  assert.ok(files.has('common/feast/feature_views/import_.py'));
  assert.match(files.get('local/feast/repository.py') ?? '', 'from feature_views.import_ import import_view\n');
});

test('an import that is longer than a line stands in brackets', () => {
  const name = 'v'.repeat(60);
  const used = ir.models[0] as Model;
  const feature = used.features[0] as ModelFeature;
  const model = {
    ...used,
    features: [{ ...feature, view: name, feature: 'x', input: `${name}__x` }],
  };
  const [service] = feast
    .emitCommon({ ...ir, models: [model] })
    .filter(({ path }) => path.includes('feature_services'));
  assert.match(service?.content ?? '', `from feature_views.${name} import (\n    ${name}_view,\n)\n`);
});

test.run();

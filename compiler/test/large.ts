/**
 * A sound repository with as many specs as asked for: groups of an entity, a view, a pipeline and a model, with their
 * Python.
 */
export function largeRepository(specs: number): Map<string, string> {
  const files = new Map<string, string>([
    [
      'platform.yaml',
      `kind: Platform
format: 1
name: large
defaults: {owner: growth, timezone: UTC}
owners:
  growth: {email: growth@example.com}
connections:
  lake: {url: "postgresql://etl@db/shop", password: {secret: lake}}
environments:
  local: {runtime: process, stores: embedded}
`,
    ],
  ]);
  for (let group = 0; group * 4 < specs; group += 1) {
    const id = `${group}`.padStart(4, '0');
    files.set(`features/g${id}/customer_${id}.yaml`, 'kind: Entity\ntype: int64\n');
    files.set(
      `features/g${id}/clicks_${id}.yaml`,
      `kind: FeatureView
entity: customer_${id}
ttl: 7d
freshness: 1d
batch: {timestamp: clicked_at, created: loaded_at}
features:
  count_24h: {type: int64, window: 24h, min: 0, description: Clicks of the last day}
  mean_stay: {type: float64, unit: s}
  last_page: {type: string}
`,
    );
    files.set(
      `pipelines/p${id}/pipeline.yaml`,
      `kind: Pipeline
schedule: {cron: "0 * * * *"}
steps:
  load:
    run: steps.py:load
    connections: [lake]
    writes:
      visits_${id}: {customer_${id}: int64, left_at: timestamp, churned: bool, visits_before: int64}
  count: {run: steps.py:count, reads: [visits_${id}], with: {hours: 24}, writes: [clicks_${id}]}
`,
    );
    files.set(
      `pipelines/p${id}/steps.py`,
      `def load(context):
    """Visits, from the lake."""
    return context.lake.read(columns=["customer_${id}", "left_at", "churned", "visits_before"])


def count(visits_${id}, hours=24):
    """Columns count_24h, mean_stay, last_page, clicked_at, loaded_at and customer_${id}."""
    return visits_${id}.assign(count_24h=0, mean_stay=0.0, last_page="", clicked_at=None, loaded_at=None)
`,
    );
    files.set(
      `models/m${id}/model.yaml`,
      `kind: Model
task: classification
label: {table: visits_${id}, column: churned, timestamp: left_at, horizon: 1d}
features: [clicks_${id}.*]
request:
  visits_before: {type: int64, min: 0}
train:
  run: train.py:fit
  with: {depth: 3}
  holdout: 30d
  metric: roc_auc
  promote_if: {beats: [baseline, champion], by: 1%}
serving:
  missing_features: reject
  batch: {entities: visits_${id}}
`,
    );
    files.set(`models/m${id}/train.py`, 'def fit(X, y, depth: int = 3):\n    """Fits a tree."""\n');
  }
  return files;
}

/** The metrics that rules and panels are made from, held against those that the runtime registers. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MetricFamily, monitor, serving, stream } from '../../compiler/ir/metrics.ts';
import { askPython } from '../../compiler/test/python-batch.ts';
import { filesOf, ROOT } from './compiled.ts';

const REGISTERED = `
from pathlib import Path
from mlops_runtime import contracts
from mlops_runtime.monitoring.metrics import MonitorMetrics
from mlops_runtime.serving.metrics import ServingMetrics
from mlops_runtime.streaming.metrics import Metrics

def families(registry):
    # _collectors and _labelnames are private, and there is no other way to see a family that has no series yet.
    found = {collector for collector in registry._collector_to_names}
    return {f._name + ("_total" if f._type == "counter" else ""): [f._type, sorted(f._labelnames)] for f in found}

contract = contracts.read(contracts.Serving, Path(questions[0]))
answers = [
    families(ServingMetrics(contract).registry),
    families(Metrics("view").registry),
    families(MonitorMetrics(["views"]).registry),
]
`;

const stated = (families: Record<string, MetricFamily>) =>
  Object.fromEntries(Object.values(families).map(({ name, type, labels }) => [name, [type, [...labels].sort()]]));

test('the runtime registers the metrics that rules and panels use, with these types and labels, and no others', () => {
  const answers = askPython(REGISTERED, filesOf('common/serving', '.json').slice(0, 1), {
    PYTHONPATH: `${ROOT}/runtime`,
  });
  assert.equal(answers, [stated(serving), stated(stream), stated(monitor)]);
});

test.run();

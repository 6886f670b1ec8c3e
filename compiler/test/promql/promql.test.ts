/** What is said of PromQL and of templates, beside promtool's recorded verdicts (test/servers/suites asks it again). */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { areValues } from '../../checks/rule-tests.ts';
import { readExpression } from '../../link/promql/read.ts';
import { templateProblem } from '../../link/promql/template.ts';
import { readVerdicts, type Verdict } from './verdicts.ts';

/** Where we differ on purpose, and why. All of these are taken by promtool and refused here. */
const STRICTER: Record<string, string> = {
  '1.': "Prometheus' own grammar for editors wants a digit behind the dot",
  offset: "Prometheus' own grammar for editors keeps the word for itself",
  'x{a=~"(?P<n>a)(?P<n>b)"}': 'later versions refuse two groups of one name',
  'holt_winters(x[1h], 0.5, 0.5)': 'Prometheus 3 has it under another name, so no rule works on both',
  '{{ $x = $value }}': 'it parses, and fails each time that the alert fires',
  '{{ value }}': 'it parses, and fails each time that the alert fires: value is a function of one argument',
  '{{ humanize | $value }}': 'it parses, and fails each time that the alert fires: humanize is given nothing',
  '{{ $value | }}': 'nothing stands behind the bar',
};

function compare(name: string, verdicts: Verdict[], isAccepted: (text: string) => boolean): void {
  const differing = verdicts.filter((each) => isAccepted(each.text) !== each.isAccepted).map(({ text }) => text);
  assert.equal(
    differing,
    verdicts.map(({ text }) => text).filter((text) => Object.hasOwn(STRICTER, text)),
    'differs from promtool without a reason',
  );
  const invalid = verdicts.filter((each) => !each.isAccepted).length;
  const share = ((100 * differing.length) / verdicts.length).toFixed(1);
  console.log(
    `figure: ${verdicts.length} ${name}, ${invalid} of them invalid: promtool says otherwise of ` +
      `${differing.length} (${share} %)`,
  );
}

test('PromQL is accepted and refused as promtool does, with a reason where it is not', () => {
  compare('PromQL expressions', readVerdicts('expressions'), (text) => {
    const { error, problems } = readExpression(text, { forGrafana: false });
    return error === null && problems.length === 0;
  });
});

test('templates are accepted and refused as promtool does, with a reason where they are not', () => {
  compare('templates', readVerdicts('templates'), (text) => templateProblem(text) === null);
});

test('values of made-up series are accepted and refused as promtool does', () => {
  compare('values of made-up series', readVerdicts('values'), areValues);
});

test('what is wrong is said at its place, within the expression', () => {
  for (const { text } of readVerdicts('expressions'))
    for (const { from, to, message } of readExpression(text, { forGrafana: false }).problems) {
      assert.ok(from >= 0 && from < to && to <= text.length, `${text}: ${from} to ${to}`);
      assert.match(message, /\.$/);
    }
  for (const { text } of readVerdicts('templates')) {
    const problem = templateProblem(text);
    if (problem) assert.ok(problem.from >= 0 && problem.from < problem.to, `${text}: ${JSON.stringify(problem)}`);
  }
});

test.run();

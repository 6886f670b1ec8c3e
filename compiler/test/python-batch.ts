/** Asks the real parsers: one Python process for a whole batch of questions. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The interpreter of the platform's Python environment. A test that needs it fails without it. */
export function testPython(): string {
  const python = process.env['MLOPS_TEST_PYTHON'] ?? join(import.meta.dirname, '../../.venv-test/bin/python');
  if (!existsSync(python)) {
    throw new Error(
      `There is no Python at ${python}: run the tests by \`npm test\`, which prepares it, or set MLOPS_TEST_PYTHON.`,
    );
  }
  return python;
}

/** Runs the script, which turns the JSON `questions` into the JSON `answers`. What else it prints is not read. */
export function askPython(script: string, questions: unknown, env: Record<string, string> = {}): unknown {
  const whole = `import json, sys
questions = json.load(sys.stdin)
out, sys.stdout = sys.stdout, sys.stderr
${script}
json.dump(answers, out)
`;
  const { status, stdout, stderr } = spawnSync(testPython(), ['-c', whole], {
    input: JSON.stringify(questions),
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

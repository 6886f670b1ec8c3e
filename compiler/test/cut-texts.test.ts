/** Each text of the sound platforms between braces, with a comma in it: one finding, whose fix mends it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isMap, isPair, isScalar, visit } from 'yaml';
import { analyse } from '../compile.ts';
import { edited } from '../source/edited.ts';
import { parseAll } from '../source/parse.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import { isKind } from '../spec-schema/kinds.ts';
import { schemaAt } from '../spec-schema/schemas.ts';
import { soundPlatforms } from './platforms.ts';
import { asSources } from './sources.ts';

/** Ends of the texts that stand without quotes between braces, where the schema takes any text. */
function ends(spec: ParsedSpec): number[] {
  const found: number[] = [];
  const kind = (spec.value as { kind?: unknown }).kind;
  visit(spec.document, {
    Pair(_, { key, value }, ancestors) {
      const path = [...ancestors.filter(isPair), { key }].map((each) =>
        isScalar(each.key) ? String(each.key.value) : '',
      );
      const map = ancestors.at(-1);
      const schema = isKind(kind) && !ancestors.some((each) => Array.isArray(each)) ? schemaAt(kind, path) : null;
      if (!isMap(map) || !map.flow || !isScalar(value) || value.type !== 'PLAIN' || !value.range) return;
      if (schema?.type === 'string' && !schema.pattern && !schema.enum) found.push(value.range[1]);
    },
  });
  return found;
}

test('a comma in a text between braces is one finding, and its fix puts the text in quotes', () => {
  let count = 0;
  for (const { files } of soundPlatforms())
    for (const spec of parseAll(asSources(files).specs).specs)
      for (const end of ends(spec)) {
        const cut = new Map(files).set(
          spec.path,
          `${spec.text.slice(0, end)}, in all, and more${spec.text.slice(end)}`,
        );
        const { findings } = analyse(asSources(cut));
        assert.equal(
          findings.map(({ code }) => code),
          ['SPC003'],
          `${spec.path}: ${spec.text.slice(end - 20, end)}`,
        );
        assert.match(findings[0]?.message ?? '', 'A comma ends the text');
        const mended = new Map([
          ...cut,
          ...edited(
            asSources(cut),
            findings.flatMap(({ fix }) => fix ?? []),
          ).texts,
        ]);
        assert.ok(!analyse(asSources(mended)).findings.some(({ code }) => code === 'SPC003'));
        count += 1;
      }
  assert.ok(count > 10, String(count));
  console.log(`figure: ${count} texts with a comma between braces, one finding each`);
});

test.run();

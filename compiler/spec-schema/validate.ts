import { type Finding, hasErrors } from '../diagnostics/diagnostic.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import { isKind, type Kind, kinds, kindsAt, type SpecTypes } from './kinds.ts';
import { translate } from './schema-errors.ts';
import { folderOf, type Spec } from './spec.ts';
import { guessKind, lostKind, misplaced, unknownKind, wrongKind } from './wrong-kinds.ts';

export interface Validated {
  specs: Spec[];
  findings: Finding[];
}

export function validateAll(parsed: readonly ParsedSpec[]): Validated {
  const specFolders = new Set(parsed.filter(({ path }) => kindsAt(path).length > 0).map(({ path }) => folderOf(path)));
  const results = parsed.map((source) => validatedOnce(source, specFolders));
  return {
    specs: results.flatMap(({ spec }) => (spec ? [spec] : [])),
    findings: results.flatMap(({ findings }) => findings),
  };
}

const known = new WeakMap<ParsedSpec, ReturnType<typeof validateSpec>>();

/** What stands in a place of its own is judged by itself; the same object has not changed. */
function validatedOnce(source: ParsedSpec, specFolders: ReadonlySet<string>): ReturnType<typeof validateSpec> {
  if (kindsAt(source.path).length === 0) return validateSpec(source, specFolders);
  const result = known.get(source) ?? validateSpec(source, specFolders);
  known.set(source, result);
  return result;
}

function validateSpec(
  source: ParsedSpec,
  specFolders: ReadonlySet<string>,
): { spec: Spec | null; findings: Finding[] } {
  const allowed = kindsAt(source.path);
  const stated = (source.value as { kind?: unknown } | undefined)?.kind;
  const misplacement = allowed.length === 0 ? misplaced(source, stated, specFolders) : [];
  if (allowed.length === 0 && !isKind(stated)) return { spec: null, findings: misplacement };
  const kind = isKind(stated) ? stated : guessKind(stated, allowed);
  const spec: Spec = {
    kind,
    path: source.path,
    folder: folderOf(source.path),
    source,
    value: source.value as SpecTypes[Kind],
    valid: false,
  };
  if (allowed.length === 0) return { spec, findings: misplacement };
  if (!source.sound) return { spec, findings: [] };
  const lost = stated === undefined ? lostKind(source, allowed) : null;
  if (lost) return { spec, findings: [lost] };
  const findings =
    isKind(stated) || stated === undefined ? checkKnownKind(spec, allowed) : [unknownKind(source, stated)];
  spec.valid = !hasErrors(findings);
  return { spec, findings };
}

function checkKnownKind(spec: Spec, allowed: Kind[]): Finding[] {
  if (!allowed.includes(spec.kind)) return [wrongKind(spec)];
  const { validate } = kinds[spec.kind];
  return validate(spec.source.value) ? [] : translate(spec.source, spec.kind, validate.errors ?? []);
}

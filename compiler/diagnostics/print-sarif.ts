import type { Catalog, Entry } from './codes.ts';
import type { Edit, Finding, Fix, Place } from './diagnostic.ts';
import { fingerprints } from './fingerprint.ts';
import { exactEdits } from './fix.ts';
import type { TextOf } from './lines.ts';
import { printableJson } from './printable.ts';
import type { Suppressed } from './suppress.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** SARIF 2.1.0 (OASIS standard, errata 01), as code-scanning pages of Git hosts read it. */
export function printSarif(
  shown: readonly Finding[],
  suppressed: readonly Suppressed[],
  textOf: TextOf,
  tool: { version: string; catalog: Catalog },
): string {
  const findings = [...shown, ...suppressed.map(({ finding }) => finding)];
  const reasons = new Map(suppressed.map(({ finding, by }) => [finding, by]));
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const names = fingerprints(findings, textOf);
  const exactly = exactEdits(textOf);
  const indices = new Map(codes.map((code, index) => [code, index]));
  const rules = codes.map((code) => rule(code, tool.catalog[code] as Entry));
  const run = {
    tool: { driver: { name: 'mlops', semanticVersion: tool.version, rules } },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { SRCROOT: { description: { text: "The repository's root." } } },
    results: findings.map((finding, index) => ({
      ruleId: finding.code,
      ruleIndex: indices.get(finding.code),
      level: finding.severity,
      message: {
        text: finding.help ? `${finding.message} Help: ${finding.help}.`.replace(/([.?])\.$/, '$1') : finding.message,
      },
      locations: [{ physicalLocation: location(finding.at) }],
      ...(finding.related.length > 0
        ? {
            relatedLocations: finding.related.map(({ message, at }, id) => ({
              id,
              message: { text: message },
              physicalLocation: location(at),
            })),
          }
        : {}),
      partialFingerprints: { 'mlopsFinding/v1': names[index] },
      ...suppressionOf(reasons.get(finding)),
      ...(finding.fix ? fixes(finding.fix, exactly) : {}),
    })),
  };
  return `${printableJson({ $schema: SCHEMA, version: '2.1.0', runs: [run] })}\n`;
}

const suppressionOf = (by: Suppressed['by'] | undefined) =>
  by
    ? { suppressions: [{ kind: 'inSource', status: 'accepted', justification: `Until ${by.until}: ${by.reason}` }] }
    : {};

function rule(code: string, { title, why, example, fix, severity }: Entry) {
  return {
    id: code,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: why },
    help: { text: fix, markdown: `${why}\n\n\`\`\`yaml\n${example}\n\`\`\`\n\n${fix}` },
    defaultConfiguration: { level: severity },
  };
}

/** Each step of a path as a URI has it; a spec's file may be called anything. */
const artifact = (file: string) => ({ uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' });

const region = ({ line, column, endLine, endColumn }: Place) => ({
  startLine: line,
  startColumn: column,
  endLine,
  endColumn,
});

const location = (at: Place) => ({ artifactLocation: artifact(at.file), region: region(at) });

function fixes(fix: Fix, exactly: (edit: Edit) => Edit | null) {
  const edits = fix.edits.map(exactly);
  if (edits.includes(null)) return {};
  const files = [...new Set(fix.edits.map(({ at }) => at.file))];
  const artifactChanges = files.map((file) => ({
    artifactLocation: artifact(file),
    replacements: edits.flatMap((edit) =>
      edit && edit.at.file === file ? [{ deletedRegion: region(edit.at), insertedContent: { text: edit.to } }] : [],
    ),
  }));
  return { fixes: [{ description: { text: fix.title }, artifactChanges }] };
}

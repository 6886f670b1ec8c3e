/** Every code, once and for ever: a code never changes its meaning and is never used again. */
import type { Check } from './checks/check.ts';
import { checks } from './checks/registry.ts';
import { codes as secretCodes } from './credentials/codes.ts';
import type { Catalog, Entry } from './diagnostics/codes.ts';
import { byText } from './diagnostics/diagnostic.ts';
import { codes as suppressionCodes } from './diagnostics/suppress.ts';
import { codes as linkCodes } from './link/link.ts';
import { codes as liveCodes } from './link/live-champions.ts';
import { codes as sourceCodes } from './source/codes.ts';
import { codes as specCodes } from './spec-schema/codes.ts';
import { tools } from './tools/registry.ts';
import type { Tool } from './tools/tool.ts';

export const catalogOf = (checked: readonly Check[]): Catalog =>
  assembled([
    sourceCodes,
    specCodes,
    secretCodes,
    linkCodes,
    suppressionCodes,
    liveCodes,
    ...checked.map(({ codes }) => codes),
  ]);

/** Those of every tool's, too. */
export const checksOf = (all: readonly Tool[]): Check[] => [...checks, ...all.flatMap((tool) => tool.checks ?? [])];

export const catalog = catalogOf(checksOf(tools));

/** By code, whatever the order of the checks. */
function assembled(groups: readonly Catalog[]): Catalog {
  const all = new Map<string, Entry>();
  for (const [code, entry] of groups.flatMap((group) => Object.entries(group))) {
    if (all.has(code)) throw new Error(`The code ${code} has two entries.`);
    all.set(code, entry);
  }
  return Object.fromEntries([...all].sort(([a], [b]) => byText(a, b)));
}

/** Kept for the rules that compare with what is deployed; nothing else may have them. */
export const RESERVED: Record<string, string> = { MOD007: 'no version to roll back to' };

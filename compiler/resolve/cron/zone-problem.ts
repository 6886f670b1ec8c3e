import { placelessZones, zoneNames } from './zone-names.ts';

/** Why Airflow, or we, cannot use a time zone; null for one that can be used. */
export function timezoneProblem(timezone: string): string | null {
  if (zoneNames.has(timezone)) return null;
  if (placelessZones.has(timezone))
    return `'${timezone}' names no place, and such names differ from tool to tool; write one such as Europe/Berlin`;
  const spelt = otherwiseSpelt(timezone);
  if (spelt) return `Airflow tells capitals apart, and knows '${spelt}' but no '${timezone}'`;
  if (/^(UTC|GMT)?[+-]\d/i.test(timezone)) return `'${timezone}' is an offset and no time zone; 'Etc/GMT-1' is UTC+1`;
  return `there is no time zone '${timezone}'`;
}

const otherwiseSpelt = (timezone: string): string | undefined => {
  const wanted = timezone.trim().toLowerCase();
  return [...zoneNames].find((name) => name.toLowerCase() === wanted);
};

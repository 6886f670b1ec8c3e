/** Versions as numbers: which release an image is of, and which is the newest of a line. */

/** `prom/prometheus:v3.16.0` is of 3.16.0, `postgres:17.11-bookworm` of 17.11. */
export const releaseOf = (image: string): string => /:v?([\d.]+)/.exec(image)?.[1] ?? '';

/** Without those that come before a release; `line` is how its versions begin. */
export function newestOf(versions: readonly string[], line: string | null): string | null {
  const releases = versions
    .map((version) => version.replace(/^v/, ''))
    .filter((version) => /^\d+(\.\d+)*$/.test(version))
    .filter((version) => line === null || version.startsWith(`${line}.`));
  return releases.sort(byNumbers).at(-1) ?? null;
}

const byNumbers = (one: string, other: string): number => {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const differing = a.findIndex((number, index) => number !== (b[index] ?? 0));
  return differing < 0 ? a.length - b.length : (a[differing] ?? 0) - (b[differing] ?? 0);
};

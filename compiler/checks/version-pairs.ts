import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { placesIn } from '../source/locate.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT012: {
    severity: 'error',
    judgement: true,
    title: 'Two versions that do not work together',
    why: 'The import fails, or results differ.',
    example: 'numpy==2.1.0 with pandas==2.1.4 in a requirements.lock',
    fix: 'Pin versions that work together.',
  },
});

/** A folder's own lock file does not pin two versions that are known not to work together. */
export const versionPairs: Check = {
  codes,
  run: ({ locks }) => [...locks].flatMap(([file, text]) => clashes(file, text)),
};

interface Pair {
  /** From this version on … */
  newer: [name: string, from: string];
  /** … it does not work with one below that version. */
  older: [name: string, below: string];
  why: string;
}

const ABI = 'it was built for the binary interface of numpy 1, and its import fails';

/** From the release notes of numpy 2.0 and of the packages themselves, and MLflow's and FastAPI's own requirements. */
const PAIRS: Pair[] = [
  { newer: ['numpy', '2.0'], older: ['pandas', '2.2.2'], why: ABI },
  { newer: ['numpy', '2.0'], older: ['scipy', '1.13'], why: ABI },
  { newer: ['numpy', '2.0'], older: ['scikit-learn', '1.4.2'], why: ABI },
  { newer: ['numpy', '2.0'], older: ['pyarrow', '16.0'], why: ABI },
  { newer: ['numpy', '2.0'], older: ['matplotlib', '3.8.4'], why: ABI },
  { newer: ['mlflow', '3.0'], older: ['pydantic', '2.0'], why: 'MLflow 3 needs pydantic 2' },
  { newer: ['pydantic', '2.0'], older: ['fastapi', '0.100'], why: 'FastAPI supports pydantic 2 since 0.100' },
  { newer: ['sqlalchemy', '2.0'], older: ['pandas', '2.0'], why: 'pandas supports SQLAlchemy 2 since 2.0' },
];

function clashes(file: string, text: string): Finding[] {
  const pins = new Map(
    [...text.matchAll(/^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([0-9][^\s;\\]*)/gm)].map(
      ({ 0: whole, 1: name = '', 2: version = '', index }) => [
        name.toLowerCase().replace(/[._]/g, '-'),
        { version, index, length: whole.length },
      ],
    ),
  );
  const placeOf = placesIn(file, text);
  return PAIRS.flatMap(({ newer: [new_, from], older: [old, below], why }) => {
    const [one, other] = [pins.get(new_), pins.get(old)];
    if (!one || !other || compare(one.version, from) < 0 || compare(other.version, below) >= 0) return [];
    return [
      finding(
        'PLT012',
        placeOf(other.index, other.length),
        `${old} ${other.version} does not work with ${new_} ${one.version}: ${why}.`,
        {
          help: `pin ${old} ${below} or newer, or ${new_} below ${from}`,
          related: [{ message: 'the other version is pinned here', at: placeOf(one.index, one.length) }],
        },
      ),
    ];
  });
}

function compare(a: string, b: string): number {
  const [one, other] = [a, b].map((version) => version.split(/[^0-9]+/).map(Number));
  for (let at = 0; at < Math.max(one?.length ?? 0, other?.length ?? 0); at += 1) {
    const difference = (one?.[at] ?? 0) - (other?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

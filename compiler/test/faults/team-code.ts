/**
 * A team's Python, varied: names that resemble columns and mean none of them are added to a sound repository, and
 * columns are misspelt in it. Knows nothing of the compiler.
 */
import { dataOf, type Files, kindOf, setKey, typo } from './repository.ts';

export interface Misspelling {
  what: string;
  files: Files;
  wrong: string;
  right: string;
}

interface Column {
  name: string;
  /** Of the spec that states it, and of the code that writes it. */
  file: string;
  path: string[];
  folder: string;
}

type Random = () => number;
type Steps = Record<string, { run?: string; writes?: unknown }>;

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/'));
const pick = <T>(all: readonly T[], random: Random): T => all[Math.floor(random() * all.length)] as T;

/** Columns that specs state for tables which the team's own code writes. */
export function columnsOf(files: Files): Column[] {
  const specs = [...files].filter(([file]) => file.endsWith('.yaml'));
  const pipelines = specs.filter(([, text]) => kindOf(text) === 'Pipeline');
  const writers = new Map<string, string>();
  const declared: Column[] = [];
  for (const [file, text] of pipelines)
    for (const [step, { run, writes }] of Object.entries(dataOf(text)['steps'] as Steps)) {
      if (run === undefined || writes === undefined) continue;
      const tables = Array.isArray(writes) ? writes.map((each) => [each, null]) : Object.entries(writes as object);
      for (const [table, columns] of tables) {
        if (columns === null) writers.set(table, folderOf(file));
        for (const name of Object.keys(columns ?? {}))
          declared.push({ name, file, path: ['steps', step, 'writes', table], folder: folderOf(file) });
      }
    }
  const features = specs
    .filter(([, text]) => kindOf(text) === 'FeatureView')
    .flatMap(([file, text]) => {
      const { batch, features: all } = dataOf(text) as { batch?: { table?: string }; features: object };
      const folder = writers.get(batch?.table ?? (/([^/]+)\.yaml$/.exec(file)?.[1] as string));
      return folder === undefined ? [] : Object.keys(all).map((name) => ({ name, file, path: ['features'], folder }));
    });
  return [...declared, ...features];
}

/** A name at a distance of one or two from a column, as people have such names: plurals, typos, other endings. */
function like(column: string, random: Random): string {
  const once = pick([`${column}s`, `${column}_`, typo(column, random), typo(column, random)], random);
  return random() < 0.3 ? typo(once, random) : once;
}

/** Code in which a name is no column of any table of the step. */
const UNRELATED: readonly ((name: string, column: string) => string)[] = [
  (name) => `def ${name}():\n    return 1\n`,
  (name) => `def other(${name}=1):\n    return ${name}\n`,
  (name) => `${name} = pd.Timedelta(minutes=1)\n`,
  (name) => `def load():\n    ${name} = pd.read_csv("x.csv")\n    return ${name}\n`,
  (name) => `def told():\n    """The ${name} of it, "${name}", and ["${name}"]."""\n`,
  (name) => `# df["${name}"] was here: ${name}\n`,
  (name) => `class Kept:\n    ${name} = None\n\n    def ${name}_of(self):\n        return self.${name}\n`,
  (name) => `SETTINGS = {"${name}": 1, "many": ["${name}"]}\n`,
  (name) => `def log(logger):\n    logger.info("${name}")\n    raise ValueError("no ${name}")\n`,
  (name) => `def shown(${name}):\n    return f"{${name}} of {${name}:>5}"\n`,
  (_, column) => `def built(n):\n    return f"${column.slice(0, -1)}{n}"\n`,
  (name) => `def called(call):\n    return call(${name}=1)\n`,
  (name) => `from elsewhere import ${name}\n`.replace('from elsewhere', 'from pathlib'),
  (name) => `def found(path):\n    return path / "${name}" / '${name}.csv'\n`,
  (name) => `KNOWN = frozenset(("${name}",)) | {"${name}"}\n`,
  (name) => `LETTERS = b"${name}"\n`,
];

const isPipeline = (file: string): boolean => file.startsWith('pipelines/') && file.endsWith('.py');

/** The repository with some unrelated names more in the Python of a pipeline or a model. */
export function variation(files: Files, columns: readonly Column[], random: Random): Files {
  const { folder } = pick(columns, random);
  const near = columns.filter((each) => each.folder === folder);
  const inModel = random() < 0.2;
  const places = [...files.keys()].filter((file) =>
    inModel ? file.startsWith('models/') && file.endsWith('.py') : isPipeline(file) && folderOf(file) === folder,
  );
  const file = pick(places, random);
  const text = files.get(file) ?? '';
  const blocks = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
    const column = pick(near, random).name;
    const name = like(column, random);
    // A second function of a name would take the place of the step's.
    if (text.includes(name)) return '';
    return pick(UNRELATED, random)(inModel && random() < 0.5 ? `view__${name}` : name, column);
  });
  return new Map([...files, [file, `import pandas as pd\n${text}\n\n${blocks.join('\n\n')}`]]);
}

/** Columns that the code names as such: by a text or a keyword, and by nothing that is put together. */
export function isNamed(files: Files, { name, folder }: Column): boolean {
  const code = [...files].filter(([file]) => isPipeline(file) && folderOf(file) === folder).map(([, text]) => text);
  const builtFrom = code.flatMap((text) => [...text.matchAll(/f["'](\w+)\{/g)].map(([, start = '']) => start));
  return (
    name.length >= 5 &&
    !builtFrom.some((start) => name.startsWith(start)) &&
    code.some((text) => new RegExp(`(\\[|, |\\{\\s*)"${name}"|[(,]\\s*${name}=[^=]`).test(text))
  );
}

/** One column spelt otherwise in the spec, or else everywhere in the code. */
export function misspelling(files: Files, columns: readonly Column[], random: Random): Misspelling | null {
  const column = pick(
    columns.filter((each) => isNamed(files, each)),
    random,
  );
  const wrong = typo(column.name, random);
  if (columns.some(({ name }) => name === wrong) || wrong.replace(/\d/g, '') === column.name.replace(/\d/g, ''))
    return null;
  if (random() < 0.5) {
    const changed = setKey(files, column.file, [...column.path, column.name], wrong);
    return { what: `spec: ${column.name} → ${wrong}`, files: changed, wrong, right: column.name };
  }
  const word = new RegExp(`\\b${column.name}\\b`, 'g');
  const changed = [...files].map(([file, text]): [string, string] =>
    isPipeline(file) && folderOf(file) === column.folder ? [file, text.replace(word, wrong)] : [file, text],
  );
  return { what: `code: ${column.name} → ${wrong}`, files: new Map(changed), wrong, right: column.name };
}

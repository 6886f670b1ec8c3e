/** What a team's Python imports, and what of it the platform, Python itself or the team has. */
import type { SyntaxNode, Tree } from '@lezer/common';
import { platformPackages, standardModules } from './generated/modules.ts';

export interface Import {
  /** Its first name: what must be installed, or stand beside the file. Empty for `from . import x`. */
  module: string;
  /** Names behind it, which may be files as well. */
  inside: string[];
  /** Offset of the first name. */
  at: number;
  /** Whether it is `from .x import y`. */
  isRelative: boolean;
  /** The top-level function that it stands in; null where it runs with the file. */
  within: string | null;
  /** Whether the code goes on without it, or comes there only under a condition. */
  isOptional: boolean;
}

export function importsIn(tree: Tree, text: string): Import[] {
  const found: Import[] = [];
  tree.iterate({
    enter({ node }) {
      if (node.name === 'ImportStatement') found.push(...importsOf(node, text));
    },
  });
  return found;
}

function importsOf(statement: SyntaxNode, text: string): Import[] {
  const of = (node: SyntaxNode): string => text.slice(node.from, node.to);
  const tokens: SyntaxNode[] = [];
  for (let each = statement.firstChild; each; each = each.nextSibling) tokens.push(each);
  const place = { ...surroundings(statement, text), isRelative: false };
  if (tokens[0]?.name !== 'from')
    return tokens.flatMap((node, index) => {
      const before = tokens[index - 1]?.name;
      if (node.name !== 'VariableName' || (before !== 'import' && before !== ',')) return [];
      const dotted = /^[\w.\s]+/.exec(text.slice(node.from))?.[0] ?? '';
      const [, second] = dotted.split(/\s/, 1)[0]?.split('.') ?? [];
      return [{ ...place, module: of(node), inside: second === undefined ? [] : [second], at: node.from }];
    });
  const middle = tokens.findIndex(({ name }) => name === 'import');
  const names = (from: readonly SyntaxNode[]) => from.filter(({ name }) => name === 'VariableName');
  const [first, second] = names(tokens.slice(0, middle));
  const isRelative = tokens[1]?.name !== 'VariableName';
  const inside = second ? [of(second)] : names(tokens.slice(middle)).map(of);
  return [{ ...place, isRelative, module: first ? of(first) : '', inside, at: (first ?? statement).from }];
}

const CONDITIONS = /^(If|Try|For|While|With|Match)Statement$/;

function surroundings(statement: SyntaxNode, text: string): Pick<Import, 'within' | 'isOptional'> {
  let within: string | null = null;
  let isOptional = false;
  for (let each = statement.parent; each; each = each.parent) {
    if (CONDITIONS.test(each.name)) isOptional = true;
    if (each.name !== 'FunctionDefinition') continue;
    const name = each.getChild('VariableName');
    within = name ? text.slice(name.from, name.to) : '';
  }
  return { within, isOptional };
}

/** As package indexes compare the names of packages. */
const normal = (name: string): string => name.replace(/[-_.]+/g, '-').toLowerCase();
const asModule = (name: string): string => name.replaceAll('-', '_');

const standard = new Set(standardModules);
const platform = new Set([
  ...Object.entries(platformPackages).flatMap(([name, modules]) => [asModule(name), ...modules]),
  // A virtual environment begins with these.
  ...['mlops_runtime', 'pip', 'pkg_resources', 'setuptools'],
]);

export const isInstalled = (module: string): boolean => standard.has(module) || platform.has(module);

export const installedModules = (): Iterable<string> => platform;

/** Modules whose package has another name. */
const ELSEWHERE: Record<string, RegExp> = {
  bs4: /^beautifulsoup4$/,
  cv2: /^opencv-/,
  Crypto: /^pycryptodome/,
  dateutil: /^python-dateutil$/,
  dotenv: /^python-dotenv$/,
  fitz: /^pymupdf/,
  jose: /^python-jose$/,
  jwt: /^pyjwt$/,
  MySQLdb: /^mysqlclient$/,
  OpenSSL: /^pyopenssl$/,
  PIL: /^pillow/,
  serial: /^pyserial$/,
  skimage: /^scikit-image$/,
  sklearn: /^scikit-learn/,
  umap: /^umap-learn$/,
  usb: /^pyusb$/,
  yaml: /^pyyaml/,
  zmq: /^pyzmq$/,
};

/** Whether a lock may bring a module: packages of which nothing else is known bring what they are called like. */
export function mayBring(lock: string, module: string): boolean {
  const wanted = normal(module);
  return [...lock.matchAll(/^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:==|@|~=|>=)/gm)].some(([, name = '']) => {
    const distribution = normal(name);
    const known = platformPackages[distribution];
    if (known?.includes(module)) return true;
    if (known && known.length > 0) return false;
    return ELSEWHERE[module]?.test(distribution) || distribution.includes(wanted) || sharesWord(name, wanted);
  });
}

/** `scikit-lego` brings `sklego`: a module often keeps one word of its package's name. */
const sharesWord = (distribution: string, module: string): boolean =>
  [
    normal(distribution),
    ...distribution
      .split(/[-_.]+/)
      .filter((word) => word.length >= 4)
      .map(normal),
  ].some((word) => module.includes(word));

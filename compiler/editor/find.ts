/** Where names stand, in specs and in Python. */
import type { Graph } from '../link/graph.ts';
import { occurrencesOf } from '../link/names.ts';
import { bareAt, type Occurrence, occurrencesIn } from '../link/occurrences.ts';
import type { Name } from '../spec-schema/name-kinds.ts';
import { type Found, foundInPython, nameInPython } from './names-in-python.ts';

const found = (occurrence: Occurrence): Found => {
  const { kind, name, isDefinition } = occurrence;
  return { kind, name, at: bareAt(occurrence), isDefinition };
};

/** All places of a name. */
export const findAll = (name: Name, graph: Graph): Found[] => [
  ...occurrencesOf(name, graph).map(found),
  ...foundInPython(name, graph),
];

/** The name at a position (from 1) of a file. */
export function findAt(graph: Graph, file: string, line: number, column: number): Found | null {
  const declared = graph.declared.filter(({ spec }) => spec.path === file);
  if (declared.length === 0) return file.endsWith('.py') ? nameInPython(graph, file, line, column) : null;
  const holds = ({ at }: Found): boolean => at.line === line && at.column <= column && column <= at.endColumn;
  // What follows from another name is not written here, but for the spec's own, which stands for its file's.
  return (
    declared
      .flatMap(occurrencesIn)
      .filter(({ range, path }) => range !== null || path.join() === 'name')
      .map(found)
      .find(holds) ?? null
  );
}

/**
 * Variables and modules of the repository. All definitions meet in `repository.py`, so a variable's
 * ending says its kind: an entity and a view of one name stay apart.
 */
import { identifierFor } from '../../render/python-expression.ts';

export const entityVariable = (entity: string): string => `${entity}_entity`;
export const viewVariable = (view: string): string => `${view}_view`;
export const serviceVariable = (model: string): string => `${model}_service`;
export const sourceVariable = (source: string): string => `${source}_source`;

/** A view may be called `import`; the module that holds it may not. */
export const moduleName = (name: string): string => identifierFor(name, new Set());

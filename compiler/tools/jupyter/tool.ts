import { hasServers } from '../../ir/look-up.ts';
import type { Ir, Model } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import type { Tool } from '../tool.ts';
import { type Cell, codeCell, markdownCell, notebookJson } from './cells.ts';
import { notebookContext } from './context.ts';
import { lab } from './workloads.ts';

/** A notebook per model: the features that serving retrieves, retrieved for an experiment. */
export const notebook = {
  name: 'notebook',
  emitCommon: (ir) => ir.models.map((model) => notebookArtifact(model, ir)),
  workloads: (site) => (hasServers(site.environment) ? [lab(site)] : []),
  ports: { jupyter: { title: 'Jupyter', usual: 8888, form: 'container' } },
  containers: () => ['jupyter'],
  volumes: ['notebooks'],
} satisfies Tool;

const cells = {
  intro: markdownCell('intro'),
  connect: codeCell('connect'),
  aboutRows: markdownCell('rows'),
  rows: codeCell('rows'),
  aboutFeatures: markdownCell('features'),
  features: codeCell('features'),
  explore: codeCell('explore'),
  aboutTraining: markdownCell('train'),
  regression: codeCell('regression'),
  classification: codeCell('classification'),
  train: codeCell('train'),
  aboutLog: markdownCell('log'),
  log: codeCell('log'),
  aboutOnline: markdownCell('online'),
  online: codeCell('online'),
};

function notebookArtifact(model: Model, ir: Ir): Artifact {
  const { intro, connect, aboutRows, rows, aboutFeatures, features, explore } = cells;
  const { aboutTraining, train, aboutLog, log, aboutOnline, online } = cells;
  const exploring: Cell[] = [intro, connect, aboutRows, rows, aboutFeatures, features, explore];
  const training: Cell[] = [aboutTraining, train, cells[model.task], aboutLog, log, aboutOnline, online];
  return {
    path: `common/notebook/${model.name}.ipynb`,
    content: notebookJson([...exploring, ...training], notebookContext(model, ir)),
    origin: model.origin.file,
  };
}

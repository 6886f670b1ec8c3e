/** By what models are judged. */
import type { Metric, Task, Train } from './models.ts';

/** What is computed for each task. */
export const METRICS: Record<Task, readonly Metric[]> = {
  regression: ['rmse', 'mae', 'r2'],
  classification: ['log_loss', 'roc_auc', 'accuracy', 'f1'],
};

/** Which values are better. */
export const GOALS: Record<Metric, Train['goal']> = {
  rmse: 'minimize',
  mae: 'minimize',
  r2: 'maximize',
  log_loss: 'minimize',
  roc_auc: 'maximize',
  accuracy: 'maximize',
  f1: 'maximize',
};

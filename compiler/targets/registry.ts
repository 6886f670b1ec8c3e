import { airflow } from './airflow/emit.ts';
import { alertmanager } from './alertmanager/emit.ts';
import { compose } from './compose/emit.ts';
import { elk } from './elk/emit.ts';
import { feast } from './feast/emit.ts';
import { grafana } from './grafana/emit.ts';
import { kafka } from './kafka/emit.ts';
import { mlflow } from './mlflow/emit.ts';
import { monitoring } from './monitoring/emit.ts';
import { notebook } from './notebook/emit.ts';
import { process } from './process/emit.ts';
import { prometheus } from './prometheus/emit.ts';
import { runtime } from './runtime/emit.ts';
import { serving } from './serving/emit.ts';
import { streaming } from './streaming/emit.ts';
import type { Target } from './target.ts';

/** One line a target; everything else about it stands in its folder. */
export const targets: readonly Target[] = [
  alertmanager,
  airflow,
  compose,
  elk,
  feast,
  grafana,
  kafka,
  mlflow,
  monitoring,
  notebook,
  process,
  prometheus,
  runtime,
  serving,
  streaming,
];

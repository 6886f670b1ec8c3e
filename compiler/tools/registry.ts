import { compose } from '../hosts/compose/emit.ts';
import { process } from '../hosts/process/emit.ts';
import { airflow } from './airflow/emit.ts';
import { alertmanager } from './alertmanager/emit.ts';
import { runtime } from './contracts/emit.ts';
import { elk } from './elk/emit.ts';
import { feast } from './feast/emit.ts';
import { grafana } from './grafana/emit.ts';
import { notebook } from './jupyter/emit.ts';
import { kafka } from './kafka/emit.ts';
import { mlflow } from './mlflow/emit.ts';
import { monitoring } from './monitor/emit.ts';
import { prometheus } from './prometheus/emit.ts';
import { serving } from './serving/emit.ts';
import { streaming } from './streaming/emit.ts';
import type { Target } from './tool.ts';

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

import { airflow } from './airflow/tool.ts';
import { alertmanager } from './alertmanager/tool.ts';
import { runtime } from './contracts/tool.ts';
import { elk } from './elk/tool.ts';
import { feast } from './feast/tool.ts';
import { grafana } from './grafana/tool.ts';
import { notebook } from './jupyter/tool.ts';
import { kafka } from './kafka/tool.ts';
import { mlflow } from './mlflow/tool.ts';
import { monitoring } from './monitor/tool.ts';
import { prometheus } from './prometheus/tool.ts';
import { serving } from './serving/tool.ts';
import { streaming } from './streaming/tool.ts';
import type { Tool } from './tool.ts';

/** One line per tool; everything else about it stands in its folder. */
export const tools: readonly Tool[] = [
  alertmanager,
  airflow,
  elk,
  feast,
  grafana,
  kafka,
  mlflow,
  monitoring,
  notebook,
  prometheus,
  runtime,
  serving,
  streaming,
];

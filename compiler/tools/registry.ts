import { airflow } from './airflow/tool.ts';
import { alertmanager } from './alertmanager/tool.ts';
import { contracts } from './contracts/tool.ts';
import { elk } from './elk/tool.ts';
import { feast } from './feast/tool.ts';
import { grafana } from './grafana/tool.ts';
import { jenkins } from './jenkins/tool.ts';
import { notebook } from './jupyter/tool.ts';
import { kafka } from './kafka/tool.ts';
import { mlflow } from './mlflow/tool.ts';
import { monitoring } from './monitor/tool.ts';
import { nodeExporter } from './node-exporter/tool.ts';
import { postgres } from './postgres/tool.ts';
import { prometheus } from './prometheus/tool.ts';
import { proxy } from './proxy/tool.ts';
import { redis } from './redis/tool.ts';
import { serving } from './serving/tool.ts';
import { streaming } from './streaming/tool.ts';
import { team } from './team/tool.ts';
import type { Tool } from './tool.ts';

/** One line per tool; everything else about it stands in its folder. Each host's file has what runs in this order. */
export const tools: readonly Tool[] = [
  postgres,
  redis,
  kafka,
  mlflow,
  airflow,
  feast,
  contracts,
  serving,
  streaming,
  monitoring,
  proxy,
  prometheus,
  alertmanager,
  nodeExporter,
  grafana,
  elk,
  notebook,
  jenkins,
  team,
];

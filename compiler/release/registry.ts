import { live as airflow } from '../tools/airflow/live.ts';
import { live as elk } from '../tools/elk/live.ts';
import { live as feast } from '../tools/feast/live.ts';
import { live as kafka } from '../tools/kafka/live.ts';
import type { LiveSide } from '../tools/live.ts';
import { live as prometheus } from '../tools/prometheus/live.ts';

/** One line a target with a live side; `after` in each decides the order. */
export const liveSides: readonly LiveSide[] = [airflow, elk, feast, kafka, prometheus];

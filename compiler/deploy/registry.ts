import { live as airflow } from '../targets/airflow/live.ts';
import { live as elk } from '../targets/elk/live.ts';
import { live as feast } from '../targets/feast/live.ts';
import { live as kafka } from '../targets/kafka/live.ts';
import type { LiveSide } from '../targets/live.ts';
import { live as prometheus } from '../targets/prometheus/live.ts';

/** One line a target with a live side; `after` in each decides the order. */
export const liveSides: readonly LiveSide[] = [airflow, elk, feast, kafka, prometheus];

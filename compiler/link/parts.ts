import type { Environment, Part } from '../ir/types.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';

const PARTS = Object.keys(defaults.Platform.environments.ports) as Part[];
const EMBEDDED: readonly Part[] = ['airflow', 'mlflow'];
/** What only containers run: there is no such server for the process runtime. */
const CONTAINERS_ONLY: readonly Part[] = ['grafana', 'kibana', 'jupyter', 'jenkins', 'proxy'];

/** The parts that an environment runs. */
export const partsOf = ({ runtime, stores }: Pick<Environment, 'runtime' | 'stores'>): Part[] =>
  PARTS.filter((part) => runtime === 'compose' || !CONTAINERS_ONLY.includes(part)).filter(
    (part) => stores === 'servers' || EMBEDDED.includes(part),
  );

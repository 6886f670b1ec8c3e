import { count, type LiveSide, throughRuntime } from '../live.ts';

const side = throughRuntime('mlflow');

/** Experiments and registered models, with the tags that the specs give them; what people add is theirs. */
export const live: LiveSide = {
  name: 'mlflow',
  stage: 'registries and views',
  after: [],
  patience: 0,
  isIn: (live) => live.list('common/mlflow').length > 0 && live.address('mlflow') !== null,
  ...side,
  async apply(live, changes) {
    await side.apply(live, changes);
    return { done: `changed ${changes.map(({ address }) => address.replace(/^mlflow\//, '')).join(', ')}` };
  },
  async check(_live, observed) {
    const models = [...observed.keys()].filter((address) => address.startsWith('mlflow/registered_model/'));
    return `${count(models.length, 'registered model')} as compiled`;
  },
};

import { type Live, LiveError, type LiveSide } from '../live.ts';

interface Applied {
  feast: { feature_views: string[]; feature_services: string[] };
  mlflow: Record<string, unknown> | null;
}

/**
 * Feature definitions in Feast's registry, experiments and registered models in MLflow: one call of the runtime writes
 * both and reads them back.
 */
export const live: LiveSide = {
  name: 'feast',
  after: ['kafka'],
  isIn: (live) => live.list(`${live.environment}/feast`).length > 0,
  apply: async () => '',
  async check(live) {
    const { feast, mlflow } = (await live.runtime('apply')) as unknown as Applied;
    requireAll(live, 'common/feast/feature_views', feast.feature_views, 'feature views');
    requireAll(live, 'common/feast/feature_services', feast.feature_services, 'feature services');
    if (mlflow === null)
      throw new LiveError('MLflow does not answer, so its experiments and models are not as compiled.');
    return `${feast.feature_views.length} feature views and ${feast.feature_services.length} services registered`;
  },
};

function requireAll(live: Live, folder: string, registered: string[], what: string): void {
  const compiled = live.list(folder).filter((path) => path.endsWith('.py'));
  if (compiled.length === registered.length) return;
  throw new LiveError(
    `Feast's registry has ${registered.length} ${what}, and ${compiled.length} are compiled: ${registered.join(', ')}.`,
  );
}

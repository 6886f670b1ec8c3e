import type { Site } from '../host.ts';
import { trackingAs } from '../tracking-account.ts';
import { APPLIED, type OwnImage, PLATFORM_IMAGE, type Workload } from '../workload.ts';

const IMAGE: OwnImage = { ...PLATFORM_IMAGE, name: 'jupyter', target: 'jupyter' };

/** Where people work. It is not started as a process: who works on this machine has its own. */
export function lab({ host }: Site): Workload {
  const { host: interfaces, port } = host.listen('jupyter');
  const person = trackingAs('notebook', host);
  return {
    name: 'jupyter',
    port: { part: 'jupyter' },
    health: { http: '/api' },
    needs: { mlflow: 'healthy', ...APPLIED },
    container: {
      image: IMAGE,
      command: [
        ...['jupyter', 'lab', `--ip=${interfaces}`, `--port=${port}`, '--no-browser'],
        // Beside what people write, the generated notebooks: generated/common/notebook, read-only.
        `--ServerApp.root_dir=${host.root}`,
      ],
      networks: ['platform', 'data'],
      variables: { JUPYTER_TOKEN: host.secret('jupyter'), ...person.variables },
      secrets: ['jupyter', ...person.secrets],
      mounts: [{ volume: 'notebooks', at: `${host.root}/notebooks` }],
      open: 'loopback',
      profile: 'tools',
      megabytes: 4096,
      cpus: 2,
    },
  };
}

import { hasServers } from '../../ir/look-up.ts';
import type { Site } from '../host.ts';
import type { Tool } from '../tool.ts';
import type { Workload } from '../workload.ts';

/**
 * The server that has what people push checked and deployed by agents elsewhere. It builds nothing itself, and Docker's
 * socket, which is root, is no part of it.
 */
export const jenkins = {
  name: 'jenkins',
  workloads: (site) => (hasServers(site.environment) ? [server(site)] : []),
  ports: { jenkins: { title: 'Jenkins', usual: 8081, form: 'container' } },
  containers: () => ['jenkins'],
  volumes: ['jenkins'],
} satisfies Tool;

const server = ({ ir, host }: Site): Workload => ({
  name: 'jenkins',
  port: { part: 'jenkins' },
  health: { http: '/login' },
  container: {
    image: { name: 'jenkins', dockerfile: 'images/jenkins/Dockerfile', isOurs: false },
    hardened: { writableRoot: 'Plugins put what they unpack where they like.' },
    networks: ['ci'],
    probe: 'curl',
    variables: {
      JAVA_OPTS: '-Djenkins.install.runSetupWizard=false -XX:MaxRAMPercentage=60',
      // Its own port would be Airflow's.
      JENKINS_OPTS: `--httpPort=${host.listen('jenkins').port}`,
      // The job of the repository; the rest of its configuration stands in the image.
      JENKINS_JOB: ir.platform.name,
    },
    secrets: ['jenkins'],
    mounts: [{ volume: 'jenkins', at: '/var/jenkins_home' }],
    open: 'loopback',
    profile: 'tools',
    megabytes: 3072,
    cpus: 2,
    grace: 60,
  },
});

/** Where people work: notebooks, and the server that checks what they push. Only with the profile `tools`. */
import { addressOf } from '../../ir/parts.ts';
import type { Environment, Ir } from '../../ir/types.ts';
import { build, healthy, ours, ROOT } from './ours.ts';
import { own, secretText } from './secrets.ts';
import { onLoopback, type Service, type ServiceModule, server } from './service.ts';
import { applied } from './setup.ts';

export const workbench: ServiceModule = (ir, environment) => ({
  jupyter: jupyter(ir, environment),
  jenkins: jenkins(ir, environment),
});

function jupyter(ir: Ir, environment: Environment): Service {
  const { port } = addressOf(environment, 'jupyter');
  const container = ours(ir, environment, {
    image: `${ir.platform.name}-jupyter:${environment.name}`,
    command: [
      ...['jupyter', 'lab', '--ip=0.0.0.0', `--port=${port}`, '--no-browser'],
      // Beside what people write, the generated notebooks: generated/common/notebook, read-only.
      `--ServerApp.root_dir=${ROOT}`,
    ],
    networks: ['platform', 'data'],
    needs: { mlflow: 'service_healthy', ...applied(ir) },
    health: healthy(`http://localhost:${port}/api`),
    secrets: [own.jupyter],
    volumes: [`notebooks:${ROOT}/notebooks`],
    variables: { JUPYTER_TOKEN: secretText(own.jupyter) },
    ports: [onLoopback(environment.ports.jupyter, port)],
    profile: 'tools',
    memory: 4096,
    cpus: 2,
  });
  return { build: build('jupyter'), ...container };
}

/** It checks; it does not deploy onto this host, for that would take Docker's socket, which is root. */
function jenkins(ir: Ir, environment: Environment): Service {
  const { port } = addressOf(environment, 'jenkins');
  return server(
    {
      build: { context: '../../../runtime', dockerfile: 'images/jenkins/Dockerfile' },
      image: `${ir.platform.name}-jenkins:${environment.name}`,
    },
    {
      networks: ['ci'],
      health: ['curl', '--fail', '--silent', '--output', '/dev/null', `http://localhost:${port}/login`],
      variables: {
        JAVA_OPTS: '-Djenkins.install.runSetupWizard=false -XX:MaxRAMPercentage=60',
        // Its own port would be Airflow's.
        JENKINS_OPTS: `--httpPort=${port}`,
      },
      secrets: [own.jenkins],
      volumes: ['jenkins:/var/jenkins_home'],
      ports: [onLoopback(environment.ports.jenkins, port)],
      profile: 'tools',
      memory: 3072,
      cpus: 2,
      grace: '60s',
    },
  );
}

import { addressOf, url } from '../../ir/parts.ts';
import type { Environment, Ir } from '../../ir/types.ts';
import { IMAGES, notebookImage, platformImage } from './images.ts';
import { HEALTHY, health, onLoopback, type Services, service } from './service.ts';

/** What people work with, and the platform runs without: `--profile tools`. */
export function tools(ir: Ir, environment: Environment): Services {
  const { name, ports } = environment;
  return {
    jupyter: service(
      notebookImage(ir.platform.name),
      { memory: '4g', networks: ['data', 'watch'] },
      {
        profiles: ['tools'],
        build: {
          context: '../../..',
          dockerfile: 'runtime/images/notebook/Dockerfile',
          args: { PLATFORM: platformImage(ir.platform.name) },
        },
        init: true,
        environment: {
          MLOPS_ROOT: '/opt/mlops',
          MLOPS_ENV: name,
          MLOPS_POSTGRES_PASSWORD: '$$' + '{secret:postgres}',
          MLOPS_REDIS_PASSWORD: '$$' + '{secret:redis}',
          MLFLOW_TRACKING_URI: url(addressOf(environment, 'mlflow')),
          JUPYTER_TOKEN: '$$' + '{secret:jupyter}',
        },
        secrets: ['postgres', 'redis', 'jupyter'],
        volumes: [`state:/opt/mlops/.mlops/${name}`, 'notebooks:/home/mlops/work'],
        ports: [onLoopback(ports.jupyter, 8888)],
        healthcheck: health(['healthy', 'http://jupyter:8888/api'], 60),
        depends_on: { mlflow: HEALTHY },
      },
    ),
    jenkins: service(
      IMAGES.jenkins,
      { memory: '2g', networks: ['edge'] },
      {
        profiles: ['tools'],
        volumes: ['jenkins:/var/jenkins_home'],
        ports: [onLoopback(ports.jenkins, 8080)],
        healthcheck: health(['curl', '-fsS', 'http://jenkins:8080/login'], 120),
      },
    ),
  };
}

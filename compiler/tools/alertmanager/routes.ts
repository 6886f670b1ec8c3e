/** Whom an alert reaches: by its labels `owner` and `severity`, through the channels that the environment has. */
import type { Environment, Owner } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { yaml } from '../../render/yaml.ts';
import type { Site } from '../host.ts';
import { isAlert, type RuleFile } from '../rule.ts';

export function configuration(site: Site): Artifact {
  const { ir, environment } = site;
  const { owners } = ir.platform;
  const content = yaml({
    ...globalOf(site),
    route: {
      // An alert without an owner that anybody knows still reaches the channel of all.
      receiver: 'everybody',
      group_by: ['alertname', 'model', 'view', 'pipeline'],
      group_wait: '10s',
      group_interval: '1m',
      repeat_interval: '12h',
      routes: owners.map(({ name }) => ({
        receiver: `owner-${name}`,
        matchers: [`owner="${name}"`],
        routes: [{ matchers: ['severity="page"'], receiver: `owner-${name}`, repeat_interval: '1h' }],
      })),
    },
    inhibit_rules: inhibitions(site.rules),
    receivers: [
      { name: 'everybody', ...webhook(environment) },
      ...owners.map((owner) => ({
        name: `owner-${owner.name}`,
        ...webhook(environment),
        ...slack(site, owner),
        ...email(environment, owner),
      })),
    ],
  });
  const { name, origin } = environment;
  return {
    path: `${name}/alertmanager/alertmanager.yml`,
    content: `# Generated from ${origin.file}; do not edit.\n${content}`,
    origin: origin.file,
  };
}

/** An alert silences only what it explains, of the same subject: labels that both lack count as equal. */
function inhibitions(files: readonly RuleFile[]) {
  const alerts = files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules.filter(isAlert)));
  const byName = new Map(alerts.map((rule) => [rule.alert, rule.explains]));
  return [...byName].flatMap(([alert, explains]) => {
    if (!explains) return [];
    const present = explains.by.map((label) => `${label}!=""`);
    return {
      source_matchers: [`alertname="${alert}"`, ...present],
      target_matchers: [`alertname=~"${explains.alerts.join('|')}"`, ...present],
      equal: [...explains.by],
    };
  });
}

function globalOf({ environment, host }: Site) {
  const { smtp } = environment.alerting;
  if (smtp === null) return {};
  return {
    global: {
      smtp_smarthost: smtp.host,
      smtp_from: smtp.from,
      ...(smtp.username === null ? {} : { smtp_auth_username: smtp.username }),
      ...(smtp.passwordSecret === null
        ? {}
        : { smtp_auth_password_file: host.providedSecretFile(smtp.passwordSecret) }),
    },
  };
}

const webhook = ({ alerting }: Environment) =>
  alerting.webhook === null ? {} : { webhook_configs: [{ url: alerting.webhook, send_resolved: true }] };

function slack({ environment, host }: Site, owner: Owner) {
  const { slack: channel } = environment.alerting;
  if (channel === null || owner.slack === null) return {};
  return {
    slack_configs: [
      {
        api_url_file: host.providedSecretFile(channel.secret),
        channel: owner.slack,
        send_resolved: true,
        title: '{{ .CommonLabels.severity }}: {{ .CommonAnnotations.summary }}',
        text: '{{ range .Alerts }}{{ .Annotations.description }} {{ .Annotations.runbook }}\n{{ end }}',
      },
    ],
  };
}

const email = ({ alerting }: Environment, owner: Owner) =>
  alerting.smtp === null || owner.email === null ? {} : { email_configs: [{ to: owner.email, send_resolved: true }] };

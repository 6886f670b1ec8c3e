/** Made-up secrets of every kind; put together here, because whoever scans this repository would find them, too. */
import { numbers } from './numbers.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const HEX = `${DIGITS}abcdef`;
const WORD = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;

/** Characters that differ from one secret to the next, with each class among them. */
function maker(seed: number) {
  const random = numbers(seed);
  const some = (alphabet: string, length: number): string => {
    const pick = () => alphabet[Math.floor(random() * alphabet.length)] ?? '';
    return Array.from({ length }, pick).join('');
  };
  return {
    hex: (length: number) => `${some(DIGITS, 1)}${some('abcdef', 1)}${some(HEX, length - 2)}`,
    word: (length: number) => `A7z${some(WORD, length - 3)}`,
    upper: (length: number) => `A7${some(`${LOWER.toUpperCase()}234567`, length - 2)}`,
    digits: (length: number) => `1${some(DIGITS, length - 1)}`,
  };
}

/** By its own looks: wherever it stands. */
export function certainSamples(seed: number): Record<string, string> {
  const { hex, word, upper, digits } = maker(seed);
  const of = (...parts: string[]): string => parts.join('');
  return {
    'an access key of AWS': of('AK', 'IA', upper(16)),
    'a temporary key of AWS': of('AS', 'IA', upper(16)),
    'a key of Google': of('AI', 'za', word(35)),
    'an OAuth secret of Google': of('GOC', 'SPX-', word(28)),
    'a client secret of Azure': of(word(3), '8Q', '~', word(34)),
    'a storage key of Azure': of('DefaultEndpointsProtocol=https;AccountName=lake;Account', 'Key=', word(86), '=='),
    'a token of GitHub': of('gh', 'p_', word(36)),
    'a fine-grained token of GitHub': of('github', '_pat_', word(22), '_', word(59)),
    'a token of GitLab': of('gl', 'pat-', word(20)),
    'a token of npm': of('np', 'm_', word(36)),
    'a token of PyPI': of('py', 'pi-AgEIcHlwaS5vcmc', word(60)),
    'a token of Docker Hub': of('dckr', '_pat_', word(27)),
    'a bot token of Slack': of('xo', 'xb-', digits(12), '-', digits(12), '-', word(24)),
    'a webhook of Slack': of('https://hooks.slack', '.com/services/T', upper(8), '/B', upper(8), '/', word(24)),
    'a webhook of Teams': of(
      'https://acme.webhook',
      '.office.com/webhookb2/',
      hex(32),
      '@',
      hex(32),
      '/IncomingWebhook/',
      hex(32),
    ),
    'a webhook of Discord': of('https://discord', '.com/api/webhooks/', digits(18), '/', word(68)),
    'a webhook of Mattermost': of('https://chat.example.com/ho', 'oks/', hex(26)),
    'a webhook of a workflow': of(
      'https://prod-01.westeurope.logic.azure.com/workflows/x/triggers/manual?api-version=2016-10-01&s',
      'ig=',
      word(43),
    ),
    'a bot token of Telegram': of(digits(10), ':', 'AA', word(33)),
    'a key of Stripe': of('sk', '_live_', word(24)),
    'a key of SendGrid': of('S', 'G.', word(22), '.', word(43)),
    'a key of OpenAI': of('s', 'k-proj-', word(48)),
    'a key of Anthropic': of('s', 'k-ant-api03-', word(80)),
    'a token of Hugging Face': of('h', 'f_', word(34)),
    'a token of Databricks': of('da', 'pi', hex(32)),
    'a token of Vault': of('hv', 's.', word(90)),
    'a token of Grafana': of('gl', 'sa_', word(32), '_', hex(8)),
    'a token of DigitalOcean': of('do', 'p_v1_', hex(64)),
    'a JSON Web Token': of('ey', 'J', word(20), '.ey', 'J', word(40), '.', word(43)),
    'a private key': of(
      '-----BEGIN RSA PRIV',
      'ATE KEY-----\nMIIE',
      word(60),
      '\n',
      word(64),
      '\n-----END RSA PRIVATE KEY-----',
    ),
    'a private key of SSH': of('-----BEGIN OPENSSH PRIV', 'ATE KEY-----\n', word(64)),
    'a password of PostgreSQL': of('postgres', '://etl:', word(8), '@db.example.com:5432/shop'),
    'a password of Redis': of('redis', '://:', word(12), '@cache/0'),
    'a password with an @': of('mysql', '://root:p@ss', word(6), '@db/shop'),
    'a password of Oracle': of('jdbc:oracle', ':thin:scott/', word(8), '@//db:1521/shop'),
    'a token for a user': of('https', '://', word(40), '@git.example.com/team/models.git'),
    'an access token in an address': of('https://api.example.com/v1/rates?page=2&access', '_token=', word(32)),
    'a shared access signature': of(
      'https://lake.blob.core.windows.net/raw?sv=2024-11-04&se=2027-01-01&s',
      'ig=',
      word(40),
      '%3D',
    ),
    'a signature of AWS': of(
      'https://raw.s3.amazonaws.com/x.csv?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-',
      'Signature=',
      hex(64),
    ),
    'a key in an address': of('https://api.example.com/v1?api', 'key=', word(16)),
    'a bearer token': of('Authorization: Bea', 'rer ', word(32)),
  };
}

/** By what is written around it in the text. */
export function assignedSamples(seed: number): Record<string, string> {
  const { word } = maker(seed);
  const secret = word(10);
  return {
    'an option': `loader --user etl --password ${secret} --rows 10`,
    'an option with a sign': `loader --api-key=${secret}`,
    'a variable': `PGPASSWORD=${secret} psql -h db`,
    'a connection string': `Server=db;Database=shop;User Id=etl;Password=${secret};`,
    'a keyword of libpq': `host=db user=etl password=${secret}`,
    'a piece of JSON': `{"user": "etl", "password": "${secret}"}`,
    'a user of curl': `curl -s -u etl:${secret} https://api.example.com`,
  };
}

/** Keys and values that are secret together. */
export function keyedSamples(seed: number): [key: string, value: string | number][] {
  const { word, hex, digits } = maker(seed);
  return [
    ['password', 'hunter2'],
    ['password', 'correct horse battery staple'],
    ['password', 'p'],
    ['PASSWORD', word(12)],
    ['password', Number(digits(6))],
    ['dbPassword', 'letmein'],
    ['db-password', 'letmein'],
    ['smtp_pass', 'letmein'],
    ['MYSQL_PWD', 'letmein'],
    ['secret', word(9)],
    ['client_secret', word(20)],
    ['clientSecret', 'swordfish'],
    ['api_key', word(20)],
    ['apikey', hex(32)],
    ['X-API-Key', word(20)],
    ['aws_secret_access_key', `${word(20)}/${word(19)}`],
    ['token', word(24)],
    ['auth_token', 'swordfish9'],
    ['private_key', word(40)],
    ['passphrase', 'open sesame'],
    ['encryption_key', word(44)],
    ['credentials', word(32)],
    ['key', word(32)],
    ['webhook', word(32)],
    ['session_cookie', word(40)],
  ];
}

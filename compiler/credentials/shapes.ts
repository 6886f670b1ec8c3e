/**
 * Tokens that are known by their looks, as their issuers document them. Each starts where a word does and has one way
 * to match, so a long text is gone through once per pattern, and only where it holds the hint.
 */
export interface Shape {
  /** What it is, with its article. */
  what: string;
  /** A text without one of these, in lower case, has none. */
  hints: readonly string[];
  /** The first group is the secret, where that is not all of it. */
  pattern: RegExp;
}

const shape = (what: string, hints: string | readonly string[], pattern: string, flags = ''): Shape => ({
  what,
  hints: [hints].flat(),
  pattern: new RegExp(pattern, `g${flags}`),
});

/** Not in the middle of a word. */
const START = '(?<![A-Za-z0-9_-])';

const CLOUDS: Shape[] = [
  shape(
    'an access key of AWS',
    ['akia', 'asia', 'abia', 'acca'],
    `${START}(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])`,
  ),
  shape('an API key of Google', 'aiza', `${START}AIza[A-Za-z0-9_-]{35}`),
  shape('an OAuth secret of Google', 'gocspx-', `${START}GOCSPX-[A-Za-z0-9_-]{20,}`),
  shape('an access token of Google', 'ya29.', `${START}ya29\\.[A-Za-z0-9_-]{20,}`),
  shape('a client secret of Azure', '8q~', '(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31,34}'),
  shape('a storage key of Azure', 'key=', '(?:Account|SharedAccess|SharedSecret)Key=([A-Za-z0-9+/]{40,}={0,2})'),
  shape('a token of DigitalOcean', '_v1_', `${START}do[opr]_v1_[0-9a-f]{64}`),
  shape('a token of Databricks', 'dapi', `${START}dapi[0-9a-f]{32}`),
  shape('a token of Vault', ['hvs.', 'hvb.', 'hvr.'], `${START}hv[sbr]\\.[A-Za-z0-9_-]{24,}`),
  shape('a token of Terraform Cloud', '.atlasv1.', `${START}[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{40,}`),
  shape('a token of Pulumi', 'pul-', `${START}pul-[0-9a-f]{40}`),
  shape('a token of Supabase', 'sbp_', `${START}sbp_[0-9a-f]{40}`),
  shape('a token of PlanetScale', 'pscale_', `${START}pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{32,}`),
  shape('a token of Doppler', 'dp.', `${START}dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9._-]{40,}`),
];

const CODE_HOSTS: Shape[] = [
  shape('a token of GitHub', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], `${START}gh[pousr]_[A-Za-z0-9]{36,}`),
  shape('a token of GitHub', 'github_pat_', `${START}github_pat_[A-Za-z0-9_]{22,}`),
  shape('a token of GitLab', 'gl', `${START}gl(?:pat|ptt|rt|dt|cbt|ft|imt|agent|oas|soat|wt)-[A-Za-z0-9_.=-]{20,}`),
  shape('a token of Atlassian', 'atatt3', `${START}ATATT3[A-Za-z0-9_=-]{50,}`),
  shape('a token of npm', 'npm_', `${START}npm_[A-Za-z0-9]{36}`),
  shape('a token of PyPI', 'pypi-', `${START}pypi-AgE[A-Za-z0-9_-]{40,}`),
  shape('a token of RubyGems', 'rubygems_', `${START}rubygems_[0-9a-f]{48}`),
  shape('a token of Docker Hub', 'dckr_', `${START}dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}`),
  shape('a key of Artifactory', 'akcp', `${START}AKCp[A-Za-z0-9]{60,}`),
  shape('a token of Sentry', 'sntry', `${START}sntry[su]_[A-Za-z0-9+/=_-]{40,}`),
  shape('a key of Postman', 'pmak-', `${START}PMAK-[0-9a-f]{24}-[0-9a-f]{34}`),
];

/** Whoever knows the address of such a webhook may post. */
const CHATS: Shape[] = [
  shape('a token of Slack', ['xox', 'xapp-'], `${START}(?:xox[abcdeoprs]|xapp)-[A-Za-z0-9-]{10,}`),
  shape(
    'a webhook of Slack',
    'hooks.slack',
    'hooks\\.slack(?:-gov)?\\.com/((?:services|workflows|triggers)/[A-Za-z0-9/_-]{8,})',
    'i',
  ),
  shape('a webhook of Teams', '.office.com/', '\\.office\\.com/(webhook(?:b2)?/[A-Za-z0-9@/_-]{20,})', 'i'),
  shape(
    'a webhook of Discord',
    '/api/webhooks/',
    'discord(?:app)?\\.com/(api/webhooks/[0-9]{5,}/[A-Za-z0-9_-]{8,})',
    'i',
  ),
  shape('a webhook of a chat', '/hooks/', '://[^\\s/]{1,250}/(hooks/[A-Za-z0-9]{20,}(?:/[A-Za-z0-9]{20,})?)'),
  shape(
    'a bot token of Discord',
    '.',
    `${START}[MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])`,
  ),
  shape('a bot token of Telegram', ':aa', `${START}[0-9]{8,10}:AA[A-Za-z0-9_-]{32,34}(?![A-Za-z0-9_-])`),
];

const SERVICES: Shape[] = [
  shape('a key of Stripe', ['k_live_', 'k_test_'], `${START}[sr]k_(?:live|test)_[A-Za-z0-9]{16,}`),
  shape('a webhook secret of Stripe', 'whsec_', `${START}whsec_[A-Za-z0-9+/=]{20,}`),
  shape('a key of Twilio', 'sk', `${START}SK[0-9a-f]{32}(?![A-Za-z0-9])`),
  shape('a key of SendGrid', 'sg.', `${START}SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}`),
  shape('a key of Mailgun', 'key-', `${START}key-[0-9a-f]{32}(?![A-Za-z0-9])`),
  shape('a key of Mailchimp', '-us', `${START}[0-9a-f]{32}-us[0-9]{1,2}(?![A-Za-z0-9])`),
  shape('a token of Hugging Face', ['hf_', 'api_org_'], `${START}(?:hf|api_org)_[A-Za-z0-9]{30,}`),
  shape('a key of Anthropic', 'sk-ant-', `${START}sk-ant-[A-Za-z0-9_-]{20,}`),
  shape(
    'a key of OpenAI',
    'sk-',
    `${START}sk-(?:proj-|svcacct-|admin-)?(?=[a-z0-9_-]{0,60}[A-Z])(?=[A-Za-z_-]{0,60}[0-9])[A-Za-z0-9_-]{32,}`,
  ),
  shape('a token of Grafana', ['glsa_', 'glc_'], `${START}gl(?:sa|c)_[A-Za-z0-9+/=_]{20,}`),
  shape('a key of New Relic', ['nrak-', 'nraa-'], `${START}NR(?:AK|AA)-[A-Z0-9]{27}`),
  shape('a token of Shopify', ['shpat_', 'shpca_', 'shppa_', 'shpss_'], `${START}shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}`),
  shape('a token of Notion', 'ntn_', `${START}ntn_[A-Za-z0-9]{40,}`),
  shape('a key of Linear', 'lin_api_', `${START}lin_api_[A-Za-z0-9]{32,}`),
  shape('a token of Airtable', 'pat', `${START}pat[A-Za-z0-9]{14}\\.[0-9a-f]{64}`),
];

/** Of a key: lines of base64, also with their ends written out. */
const BODY = '[A-Za-z0-9+/=:,\\s\\\\-]{0,9000}';

const STANDARDS: Shape[] = [
  shape('a private key', 'private key', `-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----${BODY}`),
  shape(
    'a private key',
    ['putty-user-key-file', 'age-secret-key-1'],
    `(?:PuTTY-User-Key-File-[0-9]:|AGE-SECRET-KEY-1)${BODY}`,
  ),
  shape('a JSON Web Token', 'eyj', `${START}eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}`),
  shape(
    'a credential of HTTP',
    ['bearer ', 'basic '],
    `${START}(?:Bearer|Basic) {1,3}((?=[A-Za-z_.+/-]{0,60}[0-9=])[A-Za-z0-9_.+/=-]{12,})`,
    'i',
  ),
];

export const shapes: readonly Shape[] = [...CLOUDS, ...CODE_HOSTS, ...CHATS, ...SERVICES, ...STANDARDS];

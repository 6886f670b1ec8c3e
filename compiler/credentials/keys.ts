/** What a key says of the text below it. */

/** `dbPassword`, `DB-PASSWORD` and `db.password` → `db_password`. */
const worded = (key: string): string =>
  key
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();

const oneOf = (words: string): string => `(?:${words.split(' ').join('|')})`;
/** At the end of a name, also without an underscore before it: `PGPASSWORD`. */
const ending = (words: string): RegExp => new RegExp(`${oneOf(words)}$`);
const endingInWord = (words: string): RegExp => new RegExp(`(?:^|_)${oneOf(words)}$`);
const containing = (words: string): RegExp => new RegExp(`(?:^|_)${oneOf(words)}(?:_|$)`);

const PASSWORD = ending('password passwd passphrase passwort passcode');
const PASSWORD_IN_SHORT = new RegExp(
  `(?:^|_)pwd$|${oneOf('user db smtp ftp ssh mail redis pg mysql sql admin root http proxy auth key')}_?pass$`,
);
const SECRET = ending('secret secret_?key api_?key');
const KEY = new RegExp(
  `(?:^|_)${oneOf(
    'app private access auth account encryption signing shared master service deploy fernet ssh license ' +
      'subscription storage consumer',
  )}_?key$`,
);
const HEADER = endingInWord('authorization basic_?auth auth_header shared_access_signature');
const TOKEN = ending('token');
/** Tokens of texts and of pages are no secrets. */
const OTHER_TOKEN = endingInWord(
  `${oneOf(
    'pad eos bos sep cls mask unk stop start end begin special next prev previous page continuation continue first ' +
      'last sub word max min per decoder encoder image audio prefix suffix delimiter separator comment cursor by',
  )}_?token`,
);
const PLURAL = ending('passwords passwds passphrases api_?keys access_?keys private_?keys secret_?keys');
const SUSPICIOUS = containing(
  'secrets? tokens? keys? auth authentication creds? credentials? pass webhooks? hook signature sig licen[sc]e sas ' +
    'bearer session cookie jwt private api apikey access hmac dsn connection login',
);
/** What is made by a machine and known to all. */
const HARMLESS = containing(
  'sha\\d* md5 digest hash checksum fingerprint public uuid etag version image commit revision',
);

export type Weight = 'password' | 'secret' | 'token' | 'word' | null;

/** How much a key says that its value is a secret: `word` only where the value looks made by a machine. */
export function weightOf(key: string): Weight {
  const name = worded(key);
  const one = PLURAL.test(name) ? name.slice(0, -1) : name;
  if (PASSWORD.test(one) || PASSWORD_IN_SHORT.test(one)) return 'password';
  if (OTHER_TOKEN.test(one)) return null;
  if (SECRET.test(one) || KEY.test(one) || HEADER.test(one)) return 'secret';
  if (TOKEN.test(one)) return 'token';
  return SUSPICIOUS.test(name) && !HARMLESS.test(name) ? 'word' : null;
}

const QUERY = new RegExp(
  `^(?:x_${oneOf('amz goog ms oss')}_${oneOf('signature credential security_token')}|${oneOf(
    'sig signature hmac jwt sas pass pw auth credentials? private_token key code session sid st',
  )})$`,
);

/** Parameters of addresses that let in whoever has them. */
export const isQueryKey = (key: string): boolean => QUERY.test(worded(key));

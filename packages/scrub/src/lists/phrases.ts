/** What the value of a key is, once the key is known to name a secret. */
export type Takes =
  /** One value: quoted, or up to the next delimiter. */
  | 'value'
  /** As `value`, but a plain short word after a colon is left: "unexpected token: name". */
  | 'opaque'
  /** A header: everything up to the end of its line. */
  | 'header'
  /** Words with spaces between: everything up to the end of the line. */
  | 'sentence'
  /** The key only speaks about a secret: nothing is taken. */
  | 'nothing';

/** Where in a key a phrase counts: anywhere, at its end, at its end as a whole word, or there behind a dot. */
export type Where = 'anywhere' | 'end' | 'last-word' | 'extension';

/** A phrase of a key name, in lower case without separators. */
export interface Phrase {
  readonly text: string;
  readonly where: Where;
  readonly takes: Takes;
  readonly rule: 'secret' | 'authorization' | 'cookie';
}

function phrases(where: Where, takes: Takes, words: string, rule: Phrase['rule'] = 'secret'): Phrase[] {
  return words
    .trim()
    .split(/\s+/)
    .map((text) => ({ text, where, takes, rule }));
}

/** The list of secret keys. Case and the separators `_`, `-` and `.` inside a key do not matter. */
export const PHRASES: readonly Phrase[] = [
  ...phrases(
    'anywhere',
    'value',
    `password passwd passwort kennwort contrasena senha motdepasse passcode secret credential apikey
     privatekey accesskey secretkey encryptionkey signingkey masterkey sharedkey accountkey storagekey
     clientkey authkey licensekey recoverycode accesstoken authtoken refreshtoken securitytoken`,
  ),
  ...phrases('anywhere', 'sentence', 'passphrase mnemonic seedphrase recoveryphrase'),
  ...phrases('end', 'value', 'pwd jwt bearer sessionid sessid sessionkey functionkey hostkey cryptkey'),
  ...phrases(
    'last-word',
    'value',
    'sid pass sig ssn cvv cvc otp totp creds cred pat dsn auth oauth webhook xsrf csrf authenticity',
  ),
  ...phrases('end', 'opaque', 'token signature'),
  ...phrases('last-word', 'opaque', 'session'),
  ...phrases('end', 'header', 'authorization', 'authorization'),
  ...phrases('end', 'header', 'cookie cookies', 'cookie'),
  ...phrases('end', 'nothing', 'error exception warning failure fault'),
  ...phrases(
    'last-word',
    'nothing',
    `name length len type types field policy count ttl expiry expires expiration expired file path dir min max
     enabled disabled required hint version strength rotation url uri endpoint arn placeholder label title
     prompt manager provider store service factory handler valid present missing changed at in size format
     limit attempts age status support available algorithm alg rules regex pattern visible length input`,
  ),
  ...phrases(
    'extension',
    'nothing',
    `js mjs cjs jsx ts mts cts tsx json vue svelte py rb go rs java kt kts swift php cs fs c cc cpp h hpp scala
     clj ex exs dart lua pl sh html htm css scss map yml yaml toml xml lock log md txt node wasm so dll exe`,
  ),
];
